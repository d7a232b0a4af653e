/** What looking at one place showed. Nothing at all: nobody manages the machine from there. */
export interface Place {
  mdm?: string;
  directory?: string;
  /** The file that told. */
  seen?: string;
  /** What may not be read, though it might tell of somebody. */
  hidden?: string;
}
