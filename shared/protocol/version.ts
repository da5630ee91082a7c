/**
 * The version of the wire between a hub and a screen. A page that was loaded before the hub was replaced says its own in
 * `board:join`; a hub that cannot serve it answers `upgradeNeeded`, and the page loads itself again.
 *
 * Raise it whenever a shape in messages.ts changes so that an older page or hub would misread it, and write down why.
 * fingerprint.spec.ts fails while the shapes differ from those recorded for the current number.
 *
 * 1  First.
 */
export const PROTOCOL = 1;
