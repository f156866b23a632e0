/**
 * What the platform may do wrong, and what has to come of it: data, no code.
 *
 * @module
 */

import type { Scenario } from "../_scenario.ts";
import { LOGIN_SCENARIOS } from "./login.ts";
import { MEDIA_SCENARIOS } from "./media.ts";
import { NO_GOAL_STATE_SCENARIOS } from "./no_goal_state.ts";
import { NO_METADATA_SCENARIOS } from "./no_metadata.ts";
import { NO_REPORT_SCENARIOS } from "./no_report.ts";
import { OTHER_PLATFORMS } from "./other_platforms.ts";
import { RECOVERS } from "./recovers.ts";
import { SIGNED_ONLY_SCENARIOS } from "./signed_only.ts";

/** A chapter of scenarios. */
export interface Chapter {
  /** What they have in common. */
  readonly title: string;
  /** The scenarios. */
  readonly scenarios: readonly Scenario[];
}

/** All of them. */
export const CHAPTERS: readonly Chapter[] = [
  { title: "The platform gets well in time", scenarios: RECOVERS },
  { title: "There is no goal state", scenarios: NO_GOAL_STATE_SCENARIOS },
  { title: "There are no metadata", scenarios: NO_METADATA_SCENARIOS },
  {
    title: "The metadata ask for a user, keys or user data",
    scenarios: LOGIN_SCENARIOS,
  },
  { title: "There are provisioning media", scenarios: MEDIA_SCENARIOS },
  { title: "Reports are not taken", scenarios: NO_REPORT_SCENARIOS },
  { title: "The platform is another", scenarios: OTHER_PLATFORMS },
  {
    title: "The platform takes only signed requests",
    scenarios: SIGNED_ONLY_SCENARIOS,
  },
];
