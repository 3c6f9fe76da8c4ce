/** How long sign-in sessions live; the cookie and the row agree on it. */

/** A session ends after this, however much it is used. */
export const SESSION_DAYS = 30
/** A session ends when it was not used for this long. */
export const SESSION_IDLE_DAYS = 7
