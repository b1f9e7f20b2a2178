/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Which places of a title a line may not end at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sys/typeset.h"

static void assert_set(const char *title, const char *expected)
{
    struct mem *mem = mem_new(4096);
    assert_string_equal(typeset_title(mem, title), expected);
    mem_free(mem);
}

static void a_sign_stays_with_its_word(void **state)
{
    (void)state;
    assert_set("Du balai !", "Du balai\u00a0!");
    assert_set("Qui vient ? Nous : tous ; à 100 %",
               "Qui vient\u00a0? Nous\u00a0: tous\u00a0; à 100\u00a0%");
}

static void quotation_marks_stay_with_what_they_quote(void **state)
{
    (void)state;
    assert_set("La « belle haie » du verger", "La «\u00a0belle haie\u00a0» du verger");
    assert_set("« Oui »", "«\u00a0Oui\u00a0»");
}

static void the_hyphen_of_a_single_letter_does_not_end_a_line(void **state)
{
    (void)state;
    assert_set("Les vieux e-mails", "Les vieux e-\u2060mails");
    assert_set("e-mails", "e-\u2060mails");
    assert_set("L'e-mail", "L'e-\u2060mail");
    assert_set("Saint-Étienne", "Saint-Étienne");
    assert_set("- et -", "- et -");
}

static void other_titles_stay_as_they_are(void **state)
{
    (void)state;
    assert_set("Deux heures ensemble", "Deux heures ensemble");
    assert_set("", "");
    assert_set(" ", " ");
    assert_set("Stop! Now", "Stop! Now");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sign_stays_with_its_word),
        cmocka_unit_test(quotation_marks_stay_with_what_they_quote),
        cmocka_unit_test(the_hyphen_of_a_single_letter_does_not_end_a_line),
        cmocka_unit_test(other_titles_stay_as_they_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
