/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Words of people's texts in a form that can be compared: without accents, capitals or foreign
 * letters ("École" is "ecole", "Москва" is "moskva"), and cut down to their stems ("plantées" and
 * "planter" are "plant"). For the search of lists and for addresses. */
#pragma once

struct mem;

enum {
    WORD_BYTES_MAX = 40,        /* of a folded word or a stem; what is longer is cut */
    WORDS_TEXT_BYTES_MAX = 8192 /* of a text; what comes after is not looked at */
};

struct word {
    const struct word *next;
    const char *folded; /* a-z and 0-9 alone, never empty */
    const char *stem; /* the folded stem; the folded word itself in a language without a stemmer */
};

/* The text in lower-case ASCII: letters of other scripts and with accents as their nearest. A new
 * string; what has no ASCII form (signs, pictures) is left out. Text that is not UTF-8 gives "". */
const char *words_fold(struct mem *mem, const char *text);

/* A text as a part of an address: "Du balai, les vieux e-mails !" is "du-balai-les-vieux-e-mails".
 * At most `chars_max` letters, cut between words where that can be. "" when nothing of it has an
 * ASCII form. */
const char *words_slug(struct mem *mem, const char *text, int chars_max);

/* The first `words_max` words of a text, in its order, with their stems by the stemmer of that
 * language ("fr", "en"); one-letter words ("l'école") are left out. */
const struct word *words_list(struct mem *mem, const char *text, const char *language,
                              int words_max);
