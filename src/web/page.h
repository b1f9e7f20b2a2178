/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What the layout knows of a page. */
#pragma once
#include <stdbool.h>

#include "sys/html.h"
#include "web/feature.h"

struct page {
    const char *title;       /* translated; the community's name is added */
    const char *description; /* for search engines and shares; NULL: the community's */
    const char *bare_class;  /* the big screen: body's class; no header, no footer, its own <main>.
                                NULL: none */
    bool noindex;
    /* Set by page_begin: */
    const char *community_name;
    const char *contact; /* an address that people may write to; NULL: none */
    const char *contact_url;
    const char *login_name; /* of who is signed in; NULL: nobody is */
    const char *lang;
    const char *path;      /* the present address without its query */
    const char *canonical; /* with the base URL */
    const char *css_url;
    const char *js_url;
    const char *icon_url;
    const char *other_lang;      /* "en" */
    const char *other_lang_name; /* "English" */
    const char *other_lang_url;
    /* The canonical address in this language and in the other, for hreflang. */
    const char *own_lang_url;
    const char *other_lang_canonical;
    struct safe_html content;
};

/* A part of a page that is written before the page is: begin gives the place to write it to, end
 * what was written, for a view. */
struct html *page_part_begin(struct request *rq);
struct safe_html page_part_end(struct request *rq, const struct html *part);
/* The part that all features' panels of that place write about the object. */
struct safe_html page_panels(struct request *rq, enum panel_place place, int64_t object_id);
