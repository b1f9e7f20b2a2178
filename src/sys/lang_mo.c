/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Reads .mo files as msgfmt writes them. gettext() itself is not used: it wants system locales, and
 * holds one language for the whole process, where each request has its own. Everything is checked
 * when a file is opened (offsets, ends of strings), and all messages get their place in a table by
 * their hash, so that a look-up, of which a page has fifty, is mostly one comparison, allocates
 * nothing and is safe from any thread. The file's own table, which hashes byte by byte, may be
 * missing. Source: GNU gettext manual, "The Format of GNU MO Files". */
#include "sys/lang_local.h"

#include <assert.h>

#include "base/mem.h"

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

/* Eight bytes at a time: the words are the program's own, nobody chooses them to collide. */
static uint64_t hash_of(const char *msgid)
{
    size_t length = strlen(msgid);
    uint64_t hash = length;
    for (; length >= sizeof(hash); msgid += sizeof(hash), length -= sizeof(hash)) {
        uint64_t word;
        memcpy(&word, msgid, sizeof(word));
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    for (; *msgid; msgid++)
        hash = (hash ^ (unsigned char)*msgid) * UINT64_C(1099511628211);
    return hash ^ hash >> 32;
}

/* The slot of the message, or the empty one where it belongs. */
static uint32_t *slot_of(const struct lang_mo *mo, const char *msgid)
{
    for (uint64_t i = hash_of(msgid);; i++) {
        uint32_t *slot = &mo->slots[i & mo->slots_mask];
        if (*slot == 0 || strcmp(original_at(mo, *slot - 1), msgid) == 0)
            return slot;
    }
}

/* Half of the slots or more stay empty. False: a message stands twice. */
static bool table_make(struct mem *mem, struct lang_mo *mo)
{
    uint32_t count = 2;
    while (count < 2 * mo->messages)
        count *= 2;
    mo->slots = MEM_ARRAY(mem, uint32_t, count);
    mo->slots_mask = count - 1;
    for (uint32_t i = 0; i < mo->messages; i++) {
        uint32_t *slot = slot_of(mo, original_at(mo, i));
        if (*slot)
            return false;
        *slot = i + 1;
    }
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

bool lang_mo_open(struct mem *mem, const unsigned char *bytes, size_t count, struct lang_mo *ret_mo)
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
        !table_is_sound(&mo, count, mo.translations_at) || !table_make(mem, &mo) || !rule_read(&mo))
        return false;
    *ret_mo = mo;
    return true;
}

/* The translation with all its forms, or NULL. A message with a plural is found by its singular,
 * since the two stand in the file with a NUL between them. */
static const char *message_find(const struct lang_mo *mo, const char *msgid, size_t *ret_length)
{
    uint32_t slot = *slot_of(mo, msgid);
    return slot ? string_at(mo, mo->translations_at, slot - 1, ret_length) : NULL;
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
