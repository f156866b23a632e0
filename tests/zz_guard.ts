import { readyOverBoot } from "./bench/boots/_guard.ts";
for (let i = 0; i < Number(Deno.args[1]); i++) {
  console.log((await readyOverBoot(Deno.args[0])).toFixed(3));
}
