/** Data that a VM was created with, which the program keeps in a file and never runs. */
export interface DataKind {
  /** The file's name, in the state directory. */
  readonly file: string;
  /** The name of the file that says what became of them, likewise. */
  readonly resultFile: string;
  /** The name of the copy that `units/common/userdata` runs, likewise; it stays where the power was cut. */
  readonly runFile: string;
  /** What they are called. */
  readonly words: string;
  /** Where they come from. */
  readonly source: string;
  /** The same, as the place where they are. */
  readonly place: string;
  /** How the stable reasons of their errors start. */
  readonly key: string;
}

/** `az vm create --user-data`: in the metadata. */
export const USER_DATA: DataKind = {
  file: "userData",
  resultFile: "userdata.result",
  runFile: ".userdata.run",
  words: "user data",
  source: "the metadata",
  place: "in the metadata",
  key: "user_data",
};

/** `az vm create --custom-data`: on the provisioning media. */
export const CUSTOM_DATA: DataKind = {
  file: "customData",
  resultFile: "customdata.result",
  runFile: ".customdata.run",
  words: "custom data",
  source: "the provisioning media",
  place: "on the provisioning media",
  key: "custom_data",
};
