/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* The languages of the program: which there are, which one a reader wants, and what each writes. A
 * new language is a catalogue in po/, which the build embeds, and a row below; all the rest comes
 * from CLDR. Messages are looked up by their English, so that a missing translation shows that. */
#include "sys/lang.h"

#include <assert.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/lang_local.h"
#include "sys/zone.h"

enum { LANGS_MAX = 16, RANGE_BYTES_MAX = 16, WEIGHT_WHOLE = 1000 };

/* What neither the catalogue nor CLDR (by the C interface of ICU) tells. */
struct language {
    const char *code;
    const char *locale;
    const char *(*ordinal_suffix)(int64_t n);
    const char *first_day; /* "1er" novembre; CLDR's patterns have a plain 1 */
};

struct lang {
    const struct language *language;
    struct lang_mo messages;
    struct lang_format format;
};

struct langs {
    int count;
    struct lang items[LANGS_MAX];
};

static const char *french_suffix(int64_t n)
{
    return n == 1 ? "re" : "e";
}

static const char *english_suffix(int64_t n)
{
    if (n % 100 >= 11 && n % 100 <= 13)
        return "th";
    switch (n % 10) {
    case 1:
        return "st";
    case 2:
        return "nd";
    case 3:
        return "rd";
    default:
        return "th";
    }
}

static const struct language languages[] = {
    {"fr", "fr_FR", french_suffix, "1er"},
    {"en", "en_GB", english_suffix, NULL},
};

static const struct language *language_of(const char *code)
{
    for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
        if (str_equal(languages[i].code, code))
            return &languages[i];
    return NULL;
}

static bool lang_load(struct mem *mem, const struct lang_catalogue *catalogue, struct lang *lang)
{
    lang->language = language_of(catalogue->code);
    if (!lang->language || !lang_mo_open(mem, catalogue->mo, catalogue->count, &lang->messages) ||
        !lang_format_load(mem, lang->language->locale, &lang->format))
        return false;
    lang->format.first_day = lang->language->first_day;
    return true;
}

struct langs *langs_new(struct mem *mem)
{
    struct langs *langs = MEM_NEW(mem, struct langs);
    for (const struct lang_catalogue *row = lang_catalogues; row->code; row++) {
        assert(langs->count < LANGS_MAX);
        if (!lang_load(mem, row, &langs->items[langs->count])) {
            log_event(LOG_ERROR, "language_broken", log_text("code", row->code));
            return NULL;
        }
        langs->count++;
    }
    return langs;
}

const struct lang *lang_at(const struct langs *langs, int i)
{
    return i >= 0 && i < langs->count ? &langs->items[i] : NULL;
}

const struct lang *lang_get(const struct langs *langs, const char *code)
{
    for (int i = 0; i < langs->count; i++)
        if (str_equal_nocase(langs->items[i].language->code, code))
            return &langs->items[i];
    return NULL;
}

/* The weight of `; q=0.8` in thousandths; none is 1, and what is no weight is 0. */
static int weight_read(const char *text)
{
    text += strspn(text, " \t;");
    if (!*text || *text == ',')
        return WEIGHT_WHOLE;
    if ((*text != 'q' && *text != 'Q') || text[1] != '=')
        return 0;
    text += 2;
    if (*text != '0' && *text != '1')
        return 0;
    int weight = (*text++ - '0') * WEIGHT_WHOLE;
    if (*text == '.')
        text++;
    for (int unit = 100; *text >= '0' && *text <= '9' && unit > 0; unit /= 10)
        weight += (*text++ - '0') * unit;
    text += strspn(text, " \t");
    return (*text && *text != ',') || weight > WEIGHT_WHOLE ? 0 : weight;
}

const struct lang *lang_accept(const struct langs *langs, const char *header)
{
    const struct lang *best = NULL;
    int best_weight = 0;
    while (header && *header) {
        header += strspn(header, " \t,");
        char range[RANGE_BYTES_MAX] = {0};
        size_t count = strcspn(header, "-;, \t"); /* "fr-CH" is looked up as "fr" */
        if (count < sizeof(range))
            memcpy(range, header, count);
        const struct lang *lang = lang_get(langs, range);
        header += strcspn(header, ";,");
        int weight = weight_read(header);
        if (lang && weight > best_weight) {
            best = lang;
            best_weight = weight;
        }
        header += strcspn(header, ",");
    }
    return best;
}

const char *lang_code(const struct lang *lang)
{
    return lang->language->code;
}

const char *lang_own_name(const struct lang *lang)
{
    /* translators: the name of your own language, in your language */
    return lang_text(lang, "English");
}

const char *lang_text(const struct lang *lang, const char *msgid)
{
    assert(lang && msgid);
    const char *text = *msgid ? lang_mo_text(&lang->messages, msgid) : NULL;
    return text ? text : msgid;
}

const char *lang_plural(const struct lang *lang, const char *one, const char *many, int64_t n)
{
    assert(lang && one && many);
    uint64_t count = n < 0 ? -(uint64_t)n : (uint64_t)n;
    const char *text = *one ? lang_mo_plural(&lang->messages, one, count) : NULL;
    if (text)
        return text;
    return count == 1 ? one : many;
}

static const char *hole_value(const struct lang_hole *holes, int count, const char *name,
                              size_t length)
{
    for (int i = 0; i < count; i++)
        if (strlen(holes[i].name) == length && memcmp(holes[i].name, name, length) == 0)
            return holes[i].value;
    return NULL;
}

const char *lang_fill(struct mem *mem, const char *pattern, const struct lang_hole *holes,
                      int count)
{
    struct buf *out = buf_new(mem, TEMPLATE_TEXT_BYTES_MAX);
    while (*pattern) {
        size_t plain = strcspn(pattern, "{");
        buf_add(out, pattern, plain);
        pattern += plain;
        size_t length = *pattern ? strcspn(pattern + 1, "{}") : 0;
        const char *value = NULL;
        if (*pattern && pattern[1 + length] == '}')
            value = hole_value(holes, count, pattern + 1, length);
        if (value) {
            buf_put(out, value);
            pattern += length + 2;
        } else if (*pattern) {
            buf_put_char(out, *pattern++);
        }
    }
    return out->bytes;
}

const char *lang_number(const struct lang *lang, struct mem *mem, int64_t n)
{
    struct buf *out = buf_new(mem, TEMPLATE_TEXT_BYTES_MAX);
    lang_format_number(&lang->format, out, n);
    return out->bytes;
}

const char *lang_decimal(const struct lang *lang, struct mem *mem, int64_t n, int decimals)
{
    struct buf *out = buf_new(mem, TEMPLATE_TEXT_BYTES_MAX);
    int64_t unit = 1;
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    lang_format_number(&lang->format, out, n / unit);
    if (decimals > 0)
        buf_printf(out, "%s%0*lld", lang->format.decimal, decimals, (long long)(n % unit));
    return out->bytes;
}

const char *lang_ordinal(const struct lang *lang, struct mem *mem, int64_t n)
{
    struct buf *out = buf_new(mem, TEMPLATE_TEXT_BYTES_MAX);
    lang_format_number(&lang->format, out, n);
    buf_put(out, lang->language->ordinal_suffix(n));
    return out->bytes;
}

const char *lang_duration(const struct lang *lang, struct mem *mem, int64_t minutes)
{
    enum { HOUR_MINUTES = 60 };
    int64_t hours = minutes / HOUR_MINUTES;
    int64_t rest = minutes % HOUR_MINUTES;
    const struct lang_hole holes[] = {
        {"n", lang_number(lang, mem, hours && !rest ? hours : minutes)},
        {"hours", lang_number(lang, mem, hours)},
        {"minutes", mem_printf(mem, "%02d", (int)rest)},
    };
    const char *pattern = !hours ? lang_plural(lang, "{n} minute", "{n} minutes", minutes)
                          : rest ? lang_text(lang, "{hours} h {minutes} min")
                                 : lang_plural(lang, "{n} hour", "{n} hours", hours);
    return lang_fill(mem, pattern, holes, 3);
}

const char *lang_hours(const struct lang *lang, struct mem *mem, int64_t minutes)
{
    enum { HOUR_MINUTES = 60, HUNDREDTHS = 100 };
    int64_t n = (minutes * HUNDREDTHS + HOUR_MINUTES / 2) / HOUR_MINUTES;
    int decimals = 2;
    for (; decimals > 0 && n % 10 == 0; decimals--)
        n /= 10;
    return decimals ? lang_decimal(lang, mem, n, decimals) : lang_number(lang, mem, n);
}

const char *lang_date(const struct lang *lang, struct mem *mem, enum lang_date_style style,
                      int64_t at, const struct zone *zone)
{
    struct wall wall = zone_wall(zone, at);
    struct buf *out = buf_new(mem, TEMPLATE_TEXT_BYTES_MAX);
    lang_format_date(&lang->format, out, lang->format.patterns[style], &wall);
    return out->bytes;
}

const char *lang_span(const struct lang *lang, struct mem *mem, int64_t starts_at, int64_t ends_at,
                      const struct zone *zone)
{
    struct wall start = zone_wall(zone, starts_at);
    struct wall end = zone_wall(zone, ends_at);
    bool same_day = start.year == end.year && start.month == end.month && start.day == end.day;
    enum lang_date_style style = same_day ? LANG_TIME : LANG_DATE_TIME;
    const struct lang_hole holes[] = {
        {"date", lang_date(lang, mem, LANG_DATE, starts_at, zone)},
        {"start", lang_date(lang, mem, style, starts_at, zone)},
        {"end", lang_date(lang, mem, style, ends_at, zone)},
    };
    const char *pattern = same_day ? lang_text(lang, "{date}, from {start} to {end}")
                                   : lang_text(lang, "from {start} to {end}");
    return lang_fill(mem, pattern, holes, 3);
}
