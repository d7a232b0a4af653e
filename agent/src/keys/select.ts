import { type DeviceKey, KeyError, type KeyProvider, type KeyRef } from './provider.ts';

/**
 * The best provider that can make a key here now, for a device that is not enrolled yet.
 *
 * @param providers best first
 * @throws KeyError `no-provider`
 */
export async function chooseProvider(providers: readonly KeyProvider[]): Promise<KeyProvider> {
  for (const provider of providers) {
    const probed = await provider.probe();
    if (probed.available) return provider;
  }
  throw new KeyError('no-provider', 'This machine has no place for a device key.');
}

/**
 * The key of an enrolled device, from the provider that made it and no other: a TPM that does not answer is
 * a fault to report, not a reason to be another device.
 *
 * @throws KeyError
 */
export async function loadKey(providers: readonly KeyProvider[], ref: KeyRef): Promise<DeviceKey> {
  return providerOf(providers, ref).load(ref);
}

/** @throws KeyError `no-provider` when this agent does not have the provider that made the key */
export function providerOf(providers: readonly KeyProvider[], ref: KeyRef): KeyProvider {
  const provider = providers.find((each) => each.id === ref.provider);
  if (provider === undefined) {
    throw new KeyError(
      'no-provider',
      `The device key is with the provider "${ref.provider}", which this agent does not have. Use the agent that enrolled the device.`,
    );
  }
  return provider;
}
