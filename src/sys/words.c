/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Folding by ICU's transliterator, stems by libstemmer. A word is stemmed with its accents, which
 * the French stemmer needs, and folded after that. Each thread opens a transliterator when a text
 * first needs one, which takes a tenth of a millisecond, and keeps it: it may not be shared, and
 * every other French name has an accent. */
#include "sys/words.h"

#include <assert.h>
#include <libstemmer.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"

/* A letter may become several: "щ" is "shch"; a Chinese one a syllable and its space. */
enum { FOLD_GROWTH = 8 };

/* A run over a text. */
struct folder {
    struct mem *mem;
    struct sb_stemmer *stemmer;
};

static struct folder folder_new(struct mem *mem, const char *language)
{
    struct folder folder = {.mem = mem};
    if (language)
        folder.stemmer = sb_stemmer_new(language, "UTF_8");
    return folder;
}

static void folder_close(struct folder *folder)
{
    if (folder->stemmer)
        sb_stemmer_delete(folder->stemmer);
}

static bool is_ascii(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

static pthread_key_t transliterators;

static void transliterator_end(void *transliterator)
{
    utrans_close(transliterator);
}

static void transliterators_start(void)
{
    int error = pthread_key_create(&transliterators, transliterator_end);
    assert(error == 0);
}

/* This thread's own; NULL: there is no memory for it. */
static UTransliterator *transliterator_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, transliterators_start);
    UTransliterator *own = pthread_getspecific(transliterators);
    if (own)
        return own;
    UErrorCode error = U_ZERO_ERROR;
    UChar id[40];
    u_uastrcpy(id, "Any-Latin; Latin-ASCII; Lower");
    own = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &error);
    if (own && pthread_setspecific(transliterators, own) != 0) {
        utrans_close(own);
        own = NULL;
    }
    return own;
}

/* Only what is plain ASCII now; the rest has no such form. */
static const char *ascii_lower(struct mem *mem, const char *text, size_t count)
{
    char *lower = mem_alloc(mem, count + 1);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c < 0x7f)
            lower[length++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        else if (c < 0x20)
            lower[length++] = ' ';
    }
    return lower;
}

static const char *transliterate(struct folder *folder, const char *text, size_t count)
{
    UTransliterator *transliterator = transliterator_get();
    int32_t capacity = (int32_t)(count * FOLD_GROWTH + 16);
    UChar *wide = MEM_ARRAY(folder->mem, UChar, capacity);
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = 0;
    u_strFromUTF8(wide, capacity, &length, text, (int32_t)count, &error);
    int32_t limit = length;
    if (U_SUCCESS(error) && transliterator)
        utrans_transUChars(transliterator, wide, &length, capacity, 0, &limit, &error);
    char *out = mem_alloc(folder->mem, (size_t)capacity * 3 + 1);
    int32_t out_length = 0;
    if (U_SUCCESS(error))
        u_strToUTF8(out, capacity * 3, &out_length, wide, length, &error);
    return U_SUCCESS(error) ? ascii_lower(folder->mem, out, (size_t)out_length) : "";
}

static const char *fold(struct folder *folder, const char *text, size_t count)
{
    if (is_ascii(text, count))
        return ascii_lower(folder->mem, text, count);
    return transliterate(folder, text, count);
}

/* The length of a text within the bound, not cut inside a letter; 0 when it is not UTF-8. */
static size_t bounded_length(const char *text)
{
    size_t count = strnlen(text, WORDS_TEXT_BYTES_MAX);
    while (count > 0 && ((unsigned char)text[count] & 0xc0) == 0x80)
        count--;
    return utf8_is_valid(text, count) ? count : 0;
}

/* The letters and digits of a folded piece: "zhong guo" is one word, "zhongguo". */
static const char *only_letters(struct mem *mem, const char *folded)
{
    char *letters = mem_alloc(mem, WORD_BYTES_MAX + 1);
    int length = 0;
    for (const char *p = folded; *p && length < WORD_BYTES_MAX; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9'))
            letters[length++] = *p;
    return letters;
}

static const char *lower_word(struct mem *mem, const char *text, size_t count)
{
    UChar wide[WORD_BYTES_MAX * 4];
    UChar lower[WORD_BYTES_MAX * 8];
    char *out = mem_alloc(mem, sizeof(lower) * 2);
    UErrorCode error = U_ZERO_ERROR;
    int32_t length = 0;
    int32_t out_length = 0;
    u_strFromUTF8(wide, WORD_BYTES_MAX * 4, &length, text, (int32_t)count, &error);
    length = u_strToLower(lower, WORD_BYTES_MAX * 8, wide, length, "", &error);
    u_strToUTF8(out, (int32_t)sizeof(lower) * 2 - 1, &out_length, lower, length, &error);
    return U_SUCCESS(error) ? out : "";
}

static const char *stem(struct folder *folder, const char *text, size_t count)
{
    const char *lower = lower_word(folder->mem, text, count);
    if (folder->stemmer) {
        const sb_symbol *root =
            sb_stemmer_stem(folder->stemmer, (const sb_symbol *)lower, (int)strlen(lower));
        if (root)
            lower = mem_strndup(folder->mem, (const char *)root,
                                (size_t)sb_stemmer_length(folder->stemmer));
    }
    return only_letters(folder->mem, fold(folder, lower, strlen(lower)));
}

/* The code point at *at of a valid text. */
static UChar32 next_code_point(const char *text, size_t *at)
{
    unsigned char lead = (unsigned char)text[(*at)++];
    int more = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    UChar32 c = more ? lead & (0x3f >> more) : lead;
    for (int i = 0; i < more; i++)
        c = c << 6 | ((unsigned char)text[(*at)++] & 0x3f);
    return c;
}

/* The next run of letters and digits of a valid text from *at on; false at the end. */
static bool next_run(const char *text, size_t count, size_t *at, size_t *ret_start)
{
    bool inside = false;
    while (*at < count) {
        size_t before = *at;
        UChar32 c = next_code_point(text, at);
        bool is_letter = u_isalnum(c) || u_charType(c) == U_NON_SPACING_MARK;
        if (is_letter && !inside)
            *ret_start = before;
        if (!is_letter && inside) {
            *at = before;
            return true;
        }
        inside = is_letter;
    }
    return inside;
}

static struct word *word_of(struct folder *folder, const char *text, size_t count)
{
    const char *folded = only_letters(folder->mem, fold(folder, text, count));
    if (strlen(folded) < 2)
        return NULL;
    struct word *word = MEM_NEW(folder->mem, struct word);
    word->folded = folded;
    word->stem = stem(folder, text, count);
    if (str_is_empty(word->stem))
        word->stem = folded;
    return word;
}

const char *words_fold(struct mem *mem, const char *text)
{
    struct folder folder = folder_new(mem, NULL);
    const char *folded = fold(&folder, text, bounded_length(text));
    folder_close(&folder);
    return folded;
}

const char *words_slug(struct mem *mem, const char *text, int chars_max)
{
    assert(chars_max > 0);
    size_t room = (size_t)chars_max;
    struct buf *slug = buf_new(mem, room);
    const char *folded = words_fold(mem, text);
    size_t count = strlen(folded);
    size_t at = 0;
    size_t start = 0;
    while (next_run(folded, count, &at, &start)) {
        size_t length = at - start;
        if (slug->length == 0)
            buf_add(slug, folded + start, length < room ? length : room);
        else if (slug->length + 1 + length > room)
            break;
        else
            buf_printf(slug, "-%.*s", (int)length, folded + start);
    }
    return slug->bytes;
}

const struct word *words_list(struct mem *mem, const char *text, const char *language,
                              int words_max)
{
    struct folder folder = folder_new(mem, language);
    const struct word *first = NULL;
    const struct word **end = &first;
    size_t count = bounded_length(text);
    size_t at = 0;
    size_t start = 0;
    for (int words = 0; words < words_max && next_run(text, count, &at, &start);) {
        size_t length = at - start < WORD_BYTES_MAX * 2 ? at - start : WORD_BYTES_MAX * 2;
        struct word *word = word_of(&folder, text + start, length);
        if (!word)
            continue;
        *end = word;
        end = &word->next;
        words++;
    }
    folder_close(&folder);
    return first;
}
