/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Names of HTML and what the compiler makes of them. What is not in a table is ordinary: the tables
 * of addresses and refusals must be complete, the others only help to find mistakes. All names in
 * lower case. Source: https://html.spec.whatwg.org/ - void elements, attributes whose value is a
 * URL, start tags that end a paragraph. */
#include "tplc_local.h"

#include <string.h>

static bool list_has(const char *const *list, const char *name)
{
    for (; *list; list++) {
        if (strcmp(*list, name) == 0)
            return true;
    }
    return false;
}

bool element_is_void(const char *name)
{
    static const char *const names[] = {"area",  "base", "br",   "col",    "embed", "hr",  "img",
                                        "input", "link", "meta", "source", "track", "wbr", NULL};
    return list_has(names, name);
}

/* Styles and plug-ins, which the content security policy forbids; elements that set addresses of
 * others; elements whose content browsers read by rules of their own. */
bool element_is_refused(const char *name)
{
    static const char *const names[] = {
        "style",         "object", "embed",    "applet",        "base",
        "frame",         "xmp",    "frameset", "noembed",       "noframes",
        "plaintext",     "set",    "animate",  "animatemotion", "animatetransform",
        "foreignobject", "math",   NULL};
    return list_has(names, name);
}

bool element_is_raw(const char *name)
{
    static const char *const names[] = {"title", "textarea", NULL};
    return list_has(names, name);
}

bool element_is_empty(const char *name)
{
    static const char *const names[] = {"script", "iframe", NULL};
    return list_has(names, name);
}

bool element_ends_p(const char *name)
{
    static const char *const names[] = {
        "address", "article",  "aside",      "blockquote", "details", "dialog", "div",
        "dl",      "fieldset", "figcaption", "figure",     "footer",  "form",   "h1",
        "h2",      "h3",       "h4",         "h5",         "h6",      "header", "hgroup",
        "hr",      "main",     "menu",       "nav",        "ol",      "p",      "pre",
        "search",  "section",  "table",      "ul",         NULL};
    return list_has(names, name);
}

bool element_is_unnested(const char *name)
{
    static const char *const names[] = {"a", "button", "form", "label", NULL};
    return list_has(names, name);
}

bool attribute_is_url(const char *name)
{
    static const char *const names[] = {
        "action",   "archive", "background", "cite",       "classid",  "codebase",
        "data",     "dynsrc",  "formaction", "href",       "icon",     "imagesrcset",
        "longdesc", "lowsrc",  "manifest",   "ping",       "poster",   "profile",
        "src",      "srcset",  "usemap",     "xlink:href", "xml:base", NULL};
    return list_has(names, name);
}

bool attribute_is_refused(const char *name)
{
    static const char *const names[] = {"style", "srcdoc", NULL};
    return strncmp(name, "on", 2) == 0 || list_has(names, name);
}
