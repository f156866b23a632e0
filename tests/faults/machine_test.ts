import { faultTests } from "./_fault_case.ts";
import { MACHINE_CHAPTERS } from "./machine/mod.ts";

for (const { cases } of MACHINE_CHAPTERS) faultTests(cases);
