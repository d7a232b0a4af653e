import { setNonce } from 'get-nonce';

/** Styles that are made while the page runs carry the nonce of the page: the content security policy knows no 'unsafe-inline'. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

// react-remove-scroll, under Mantine's dialogs, asks this for it.
setNonce(nonce);
