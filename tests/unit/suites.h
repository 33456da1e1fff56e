/*
 * suites.h: every unit suite, one line each: SUITE(x) is the table x_tests of tests/unit/x_test.c.
 * Read several times with different meanings of SUITE (see unit.h and main.c), so it has no guard.
 */
#ifndef SUITE
#define SUITE(name)
#endif
SUITE(err)
SUITE(arena)
SUITE(buf)
SUITE(text)
SUITE(mask)
SUITE(clock)
SUITE(zone)
SUITE(conf)
SUITE(log)
SUITE(crypto)
SUITE(seal)
SUITE(money)
SUITE(rec)
SUITE(bind)
SUITE(view_format)
SUITE(view_doc)
SUITE(view_tmpl)
SUITE(view_piece)
SUITE(phone)
SUITE(hours)
SUITE(whatsapp)
SUITE(whatsapp_template)
SUITE(net)
SUITE(multipart)
SUITE(file)
