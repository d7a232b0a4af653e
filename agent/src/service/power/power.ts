export interface Power {
  /** Where the machine draws it from; null where the system does not say. */
  onBattery: boolean | null;
  /** Whether the person, or the system for them, saves it; null where the system does not say. */
  saver: boolean | null;
}
