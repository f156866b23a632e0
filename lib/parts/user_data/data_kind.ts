/** Data that a VM was created with. The program keeps it in a file, and never runs it. */
export interface DataKind {
  /** The data's file, in the state directory. */
  readonly file: string;
  /** The file with the result of running it, in the state directory. */
  readonly resultFile: string;
  /** The copy that `units/common/userdata` runs, in the state directory; a power cut leaves it there. */
  readonly runFile: string;
  /** What messages call the data. */
  readonly words: string;
  /** Where the data comes from. */
  readonly source: string;
  /** Where the data is, with a preposition. */
  readonly place: string;
  /** The prefix of the keys of errors. */
  readonly key: string;
}

/** `az vm create --user-data`, from the metadata. */
export const USER_DATA: DataKind = {
  file: "userData",
  resultFile: "userdata.result",
  runFile: ".userdata.run",
  words: "user data",
  source: "the metadata",
  place: "in the metadata",
  key: "user_data",
};

/** `az vm create --custom-data`, from the provisioning media. */
export const CUSTOM_DATA: DataKind = {
  file: "customData",
  resultFile: "customdata.result",
  runFile: ".customdata.run",
  words: "custom data",
  source: "the provisioning media",
  place: "on the provisioning media",
  key: "custom_data",
};
