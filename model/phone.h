/*
 * phone.h: telephone numbers as people write them, as they are dialled and as they are matched.
 *
 * Brazilian mobiles grew a ninth digit, and WhatsApp still calls many of them by the eight old ones.
 * Both spellings give the same key. A fixed line (first digit 2 to 5) never had a ninth digit, so
 * "55 11 4123-4567" and "55 11 9 4123-4567" are two people and stay two keys.
 */
#ifndef MODEL_PHONE_H
#define MODEL_PHONE_H

#include "lib/base/arena.h"

enum { PHONE_DIGITS_MAX = 20 };

/* The ASCII digits of s; NULL when it has none, or more than PHONE_DIGITS_MAX. In a. */
char *phone_digits(struct arena *a, const char *s);

/*
 * The digits to dial, country code first and without "+", of a number as people write it: "+55 (31) 98765-4321",
 * "031 98765 4321", "0 15 31 98765-4321" (with a carrier), "8765-4321" (when ddd gives the area code, else NULL),
 * "0055 ...", "+1 650 555 1234". An old Brazilian mobile of eight digits gets its ninth. NULL when it cannot be
 * dialled from abroad (0800, 190, 4004 ...) or is no number. ddd may be NULL. In a.
 */
char *phone_e164(struct arena *a, const char *s, const char *ddd);

/*
 * What equal numbers have in common, of digits with country code: Brazilian mobiles lose the ninth digit
 * (5531987654321 and 553187654321 give 553187654321), all others stay as they are. NULL when digits is NULL or
 * holds anything but 5 to PHONE_DIGITS_MAX digits. In a.
 */
char *phone_key(struct arena *a, const char *digits);

/* For people: "+55 (31) 98765-4321", "+55 (31) 3456-7890", others "+16505551234". NULL gives NULL. In a. */
char *phone_show(struct arena *a, const char *digits);

#endif
