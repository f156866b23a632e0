import { TALK } from "../../boot/_agent.ts";

/** Where a machine writes what systemd knows of its boot. */
export const TIMES = `${TALK}/times`;

/** Lines of bash that write that, once the boot is over. */
export const WRITE_TIMES = `{
  systemctl show --timestamp=us+utc -p UserspaceTimestamp -p FinishTimestamp
  echo
  systemctl show --timestamp=us+utc -p Id -p InactiveExitTimestamp -p ActiveEnterTimestamp -p InactiveEnterTimestamp \\
    sysinit.target ssh.service dbus.service systemd-hostnamed.service multi-user.target \\
    azure-provisioning-{needed,media,fallback,userdata}.service azure-provisioning.service \\
    cloud-{init-local,init,config,final}.service walinuxagent.service
} >${TIMES}.new
mv ${TIMES}.new ${TIMES}`;
