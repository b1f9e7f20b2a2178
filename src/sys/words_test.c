/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words as people write them, and the forms under which they are found again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "sys/words.h"

enum { TEST_BYTES_MAX = 16 * 1024 * 1024 };

static int setup(void **state)
{
    *state = mem_new(TEST_BYTES_MAX);
    return 0;
}

static int teardown(void **state)
{
    mem_free(*state);
    return 0;
}

static void accents_capitals_and_foreign_letters_are_folded(void **state)
{
    assert_string_equal(words_fold(*state, "École, Œuvre & Straße"), "ecole, oeuvre & strasse");
    assert_string_equal(words_fold(*state, "Москва"), "moskva");
    assert_string_equal(words_fold(*state, "PLAIN ascii 42"), "plain ascii 42");
    assert_string_equal(words_fold(*state, ""), "");
}

static void a_decomposed_accent_folds_like_a_composed_one(void **state)
{
    assert_string_equal(words_fold(*state, "e\xcc\x81"
                                           "cole"),
                        "ecole");
}

static void bytes_that_are_no_utf8_fold_to_nothing(void **state)
{
    assert_string_equal(words_fold(*state, "caf\xe9"), "");
    assert_null(words_list(*state, "\xff\xfe", "fr", 3));
}

static void a_title_becomes_an_address(void **state)
{
    assert_string_equal(words_slug(*state, "Du balai, les vieux e-mails !", 80),
                        "du-balai-les-vieux-e-mails");
    assert_string_equal(words_slug(*state, "  L'été à l'École  ", 80), "l-ete-a-l-ecole");
    assert_string_equal(words_slug(*state, "🙂 …", 80), "");
}

static void an_address_is_cut_between_words(void **state)
{
    assert_string_equal(words_slug(*state, "deux heures ensemble", 11), "deux-heures");
    assert_string_equal(words_slug(*state, "deux heures ensemble", 10), "deux");
    assert_string_equal(words_slug(*state, "anticonstitutionnellement", 4), "anti");
}

static const char *stem_of(void **state, const char *word, const char *language)
{
    return words_list(*state, word, language, 1)->stem;
}

static void forms_of_one_french_word_share_their_stem(void **state)
{
    const char *stem = stem_of(state, "planter", "fr");
    assert_string_equal(stem_of(state, "plantées", "fr"), stem);
    assert_string_equal(stem_of(state, "Plantés", "fr"), stem);
    assert_string_equal(stem_of(state, "écoles", "fr"), stem_of(state, "ecole", "fr"));
}

static void each_language_has_its_own_stems(void **state)
{
    assert_string_equal(stem_of(state, "cleaning", "en"), stem_of(state, "cleaned", "en"));
    assert_string_equal(stem_of(state, "cleaning", "xx"), "cleaning");
}

static void a_text_is_listed_word_by_word(void **state)
{
    const struct word *word = words_list(*state, "L'école des e‑mails", "fr", 10);
    assert_string_equal(word->folded, "ecole");
    assert_string_equal(word->stem, "ecol");
    assert_string_equal(word->next->folded, "des");
    assert_string_equal(word->next->next->folded, "mails");
    assert_string_equal(word->next->next->stem, "mail");
    assert_null(word->next->next->next);
}

static void no_more_words_are_listed_than_wanted(void **state)
{
    const struct word *word = words_list(*state, "un deux trois quatre", "fr", 2);
    assert_string_equal(word->next->folded, "deux");
    assert_null(word->next->next);
    assert_null(words_list(*state, " ,.; ", "fr", 2));
}

static void a_word_without_end_is_cut(void **state)
{
    char text[500];
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    const struct word *word = words_list(*state, text, "fr", 2);
    assert_int_equal(strlen(word->folded), WORD_BYTES_MAX);
    assert_true(strlen(word->stem) <= WORD_BYTES_MAX);
    assert_null(word->next);
}

static void a_long_text_is_read_up_to_its_bound(void **state)
{
    size_t count = WORDS_TEXT_BYTES_MAX + 3;
    char *text = mem_alloc(*state, count + 1);
    for (size_t i = 0; i + 1 < count; i += 2)
        memcpy(text + i, "é", 2);
    memcpy(text + count - 1, "z", 1);
    const char *folded = words_fold(*state, text);
    assert_int_equal(strlen(folded), WORDS_TEXT_BYTES_MAX / 2);
    assert_int_equal(folded[strlen(folded) - 1], 'e');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accents_capitals_and_foreign_letters_are_folded),
        cmocka_unit_test(a_decomposed_accent_folds_like_a_composed_one),
        cmocka_unit_test(bytes_that_are_no_utf8_fold_to_nothing),
        cmocka_unit_test(a_title_becomes_an_address),
        cmocka_unit_test(an_address_is_cut_between_words),
        cmocka_unit_test(forms_of_one_french_word_share_their_stem),
        cmocka_unit_test(each_language_has_its_own_stems),
        cmocka_unit_test(a_text_is_listed_word_by_word),
        cmocka_unit_test(no_more_words_are_listed_than_wanted),
        cmocka_unit_test(a_word_without_end_is_cut),
        cmocka_unit_test(a_long_text_is_read_up_to_its_bound),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
