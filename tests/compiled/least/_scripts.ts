import { ROOT } from "../../helpers/program.ts";
import { FOLDERS } from "./_folders.ts";

/** Runs the program against a platform on the VM's loopback; $simulate is the compiled program. */
export const TRY_OUT = `
  "$simulate" simulate --wireserver 127.0.0.1:8080 --imds 127.0.0.1:8081 >/run/platform 2>&1 & platform=$!
  while ! grep -q IMDS /run/platform; do sleep 0.05; done
  status=0; program --wireserver 127.0.0.1:8080 --imds 127.0.0.1:8081 || status=$?
  kill "$platform"; exit "$status"`;

/** Serves a platform at the real addresses, which are the VM's own here. */
export const SIMULATE = `
  ip link set lo up
  ip addr add 168.63.129.16/32 dev lo; ip addr add 169.254.169.254/32 dev lo
  status=0; command=simulate seconds=1; program || status=$?
  [ "$status" -eq 75 ] || exit "$status"`;

/** Returns a first boot on a machine whose only program to set the host name is at `path`. */
export function withOnly(path: string): string {
  return `${emptyRoot()}
  cp "$(command -v hostname)" "$root/hostname"
  printf '#!/bin/sh\\nfor name; do :; done\\nexec /hostname "$name"\\n' >"$root${path}"
  chmod +x "$root${path}"
  program`;
}

/** Returns a first boot off Azure, without an answer, on a machine whose only program is a grep. */
export function withOnlyGrep(path: string): string {
  return `${emptyRoot()}
  cp "$(command -v grep)" "$root${path}"
  mkdir -p "$root/sys/class/dmi/id"
  echo another >"$root/sys/class/dmi/id/chassis_asset_tag"
  ip addr flush dev eth0
  program`;
}

/** Makes a root at $root for the program, with files, and no programs but a shell. */
function emptyRoot(): string {
  return `
  root=/run/root
  for folder in ${FOLDERS.join(" ")}; do mkdir -p "$root$folder"; done
  for folder in etc dev proc tmp var lib lib64 usr/lib usr/lib64 root opt home; do
    [ -d "/$folder" ] || continue
    mkdir -p "$root/$folder"; mount --rbind "/$folder" "$root/$folder"
  done
  mkdir -p "$root${ROOT}"; mount --bind "${ROOT}" "$root${ROOT}"
  cp "$deno" "$root/deno"; deno=/deno
  cp "$(command -v dash || command -v sh)" "$root/bin/sh"
  printf '#!/bin/sh\\ncd "${ROOT}"\\nexec "$@"\\n' >"$root/enter"
  chmod +x "$root/enter"
  enter="chroot $root /enter"`;
}
