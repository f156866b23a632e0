import { faultTests } from "./_fault_case.ts";
import { MACHINE_CHAPTERS } from "./machine/mod.ts";

faultTests(MACHINE_CHAPTERS.flatMap(({ cases }) => cases));
