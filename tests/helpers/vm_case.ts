import { createVm, type Vm, VM_OBSTACLE, type VmOptions } from "./vm.ts";

if (VM_OBSTACLE !== undefined) {
  console.error(
    `Tests of the compiled program in a VM are skipped: ${VM_OBSTACLE}`,
  );
}

/**
 * Registers a test that has a VM of its own; it is skipped, and the reason printed,
 * where there can be none.
 *
 * @param name What holds.
 * @param options What the VM sees of this machine.
 */
export function vmTest(
  name: string,
  options: VmOptions,
  test: (vm: Vm) => Promise<void>,
): void {
  Deno.test({
    name,
    ignore: VM_OBSTACLE !== undefined,
    fn: async () => {
      await using vm = await createVm(options);
      await test(vm);
    },
  });
}
