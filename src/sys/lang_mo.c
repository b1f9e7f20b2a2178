/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads .mo files as msgfmt writes them. gettext() itself is not used: it wants system locales, and
 * holds one language for the whole process, where each request has its own. Everything is checked
 * when a file is opened (offsets, ends of strings, order), so that a look-up is a plain binary
 * search that allocates nothing and is safe from any thread. Source: GNU gettext manual, "The
 * Format of GNU MO Files". */
#include "sys/lang_local.h"

#include <assert.h>

enum {
    MO_MAGIC_BYTES = 4,
    MO_HEADER_BYTES = 20, /* up to where the optional hash table is described */
    MO_ROW_BYTES = 8,     /* length and offset */
    MO_MESSAGES_MAX = 65536,
    MO_BYTES_MAX = 16 * 1024 * 1024
};

static const unsigned char mo_magic[MO_MAGIC_BYTES] = {0xde, 0x12, 0x04, 0x95};

static uint32_t word_at(const unsigned char *bytes, size_t at)
{
    return (uint32_t)bytes[at] | (uint32_t)bytes[at + 1] << 8 | (uint32_t)bytes[at + 2] << 16 |
           (uint32_t)bytes[at + 3] << 24;
}

/* A string of a table, and its length with all plural forms. */
static const char *string_at(const struct lang_mo *mo, uint32_t table_at, uint32_t i,
                             size_t *ret_length)
{
    size_t row_at = table_at + (size_t)i * MO_ROW_BYTES;
    *ret_length = word_at(mo->bytes, row_at);
    return (const char *)mo->bytes + word_at(mo->bytes, row_at + 4);
}

static const char *original_at(const struct lang_mo *mo, uint32_t i)
{
    size_t length;
    return string_at(mo, mo->originals_at, i, &length);
}

/* Every string of the table lies within the file and ends with NUL. */
static bool table_is_sound(const struct lang_mo *mo, size_t count, uint32_t table_at)
{
    if (table_at > count || (count - table_at) / MO_ROW_BYTES < mo->messages)
        return false;
    for (uint32_t i = 0; i < mo->messages; i++) {
        size_t row_at = table_at + (size_t)i * MO_ROW_BYTES;
        size_t length = word_at(mo->bytes, row_at);
        size_t at = word_at(mo->bytes, row_at + 4);
        if (at + length >= count || mo->bytes[at + length] != '\0')
            return false;
    }
    return true;
}

static bool is_sorted(const struct lang_mo *mo)
{
    for (uint32_t i = 1; i < mo->messages; i++)
        if (strcmp(original_at(mo, i - 1), original_at(mo, i)) >= 0)
            return false;
    return true;
}

/* The translation of "" is the catalogue's header, in lines. */
static bool rule_read(struct lang_mo *mo)
{
    static const char field[] = "Plural-Forms: ";
    const char *header = lang_mo_text(mo, "");
    const char *line = header ? strstr(header, field) : NULL;
    return line && plural_rule_parse(line + strlen(field), &mo->rule);
}

bool lang_mo_open(const unsigned char *bytes, size_t count, struct lang_mo *ret_mo)
{
    assert(bytes && ret_mo);
    if (count < MO_HEADER_BYTES || count > MO_BYTES_MAX ||
        memcmp(bytes, mo_magic, MO_MAGIC_BYTES) != 0 || word_at(bytes, 4) != 0)
        return false;
    struct lang_mo mo = {
        .bytes = bytes,
        .messages = word_at(bytes, 8),
        .originals_at = word_at(bytes, 12),
        .translations_at = word_at(bytes, 16),
    };
    if (mo.messages > MO_MESSAGES_MAX || !table_is_sound(&mo, count, mo.originals_at) ||
        !table_is_sound(&mo, count, mo.translations_at) || !is_sorted(&mo) || !rule_read(&mo))
        return false;
    *ret_mo = mo;
    return true;
}

/* The translation with all its forms, or NULL. A message with a plural is found by its singular,
 * since the two stand in the file with a NUL between them. */
static const char *message_find(const struct lang_mo *mo, const char *msgid, size_t *ret_length)
{
    uint32_t from = 0;
    uint32_t to = mo->messages;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        int order = strcmp(msgid, original_at(mo, middle));
        if (order == 0)
            return string_at(mo, mo->translations_at, middle, ret_length);
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

const char *lang_mo_text(const struct lang_mo *mo, const char *msgid)
{
    size_t length;
    return message_find(mo, msgid, &length);
}

const char *lang_mo_plural(const struct lang_mo *mo, const char *one, uint64_t n)
{
    size_t length;
    const char *text = message_find(mo, one, &length);
    if (!text)
        return NULL;
    const char *end = text + length;
    for (int form = plural_rule_form(&mo->rule, n); form > 0; form--) {
        text += strlen(text) + 1;
        if (text > end)
            return NULL;
    }
    return text;
}
