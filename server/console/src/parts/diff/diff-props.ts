/** Two texts to be compared. */
export interface DiffProps {
  before: string;
  after: string;
  /** What is compared with what. */
  label: string;
}
