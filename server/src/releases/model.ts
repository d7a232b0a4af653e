interface Models {
  onlyModels?: readonly string[] | undefined;
  notModels?: readonly string[] | undefined;
}

/** Whether something is for a model; undefined where that depends on a model that is not known. */
export function isForModel({ onlyModels, notModels }: Models, model: string | null): boolean | undefined {
  if (onlyModels === undefined && notModels === undefined) return true;
  if (model === null) return undefined;
  if (notModels?.some((name) => beginsWith(model, name)) === true) return false;
  return onlyModels === undefined || onlyModels.some((name) => beginsWith(model, name));
}

/** `Mac17,5` is not the beginning of `Mac17,50`: a number is whole or it is another one. */
function beginsWith(model: string, name: string): boolean {
  return model.startsWith(name) && !(/\d$/.test(name) && /^\d/.test(model.slice(name.length)));
}
