/** What the fault "secrets" puts into the metadata: none of it may ever be in a log. */
export const SECRETS: readonly string[] = [
  "secret-user-data",
  btoa("secret-user-data"),
  "secret-custom-data",
  btoa("secret-custom-data"),
  "secret-password",
  "secret-tag",
  "secret-key-data",
];

/** Secrets where compute has them, and where it might. */
export const SECRET_COMPUTE: Readonly<Record<string, unknown>> = {
  userData: btoa("secret-user-data"),
  customData: btoa("secret-custom-data"),
  adminPassword: "secret-password",
  tags: "token:secret-tag",
  tagsList: [{ name: "token", value: "secret-tag" }],
  publicKeys: [{
    keyData: "ssh-rsa secret-key-data",
    path: "/home/azureuser/.ssh/authorized_keys",
  }],
};

/** Secrets where osProfile might have them. */
export const SECRET_OS_PROFILE: Readonly<Record<string, unknown>> = {
  adminPassword: "secret-password",
  customData: btoa("secret-custom-data"),
  disablePasswordAuthentication: "false",
  secrets: [{ password: "secret-password" }],
};
