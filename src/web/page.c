/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Pages in the layout: what every page shows besides its own content. */
#include "web/page.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/lang.h"
#include "web/app.h"
#include "web/assets.h"
#include "web/community.h"
#include "web/layout.html.h"
#include "web/login.h"
#include "web/request.h"

enum { PAGE_BYTES_USUAL = 10 * 1024 }; /* a buffer of that size seldom has to grow */

/* The other language of the program, for the switch. */
static const struct lang *other_lang(const struct request *rq)
{
    const struct lang *first = lang_at(rq->work.app->langs, 0);
    return first == rq->lang ? lang_at(rq->work.app->langs, 1) : first;
}

/* The address at which what a refused form shows can be opened; NULL: none. One of two is the
 * form's own. */
static const char *shown_path(const struct request *rq)
{
    const struct route *found = NULL;
    const struct route *route;
    if (!rq->route || !rq->route->show)
        return NULL;
    for (int i = 0; (route = route_at(rq->work.app->routes, i)); i++)
        if (str_equal(route->method, "GET") && route->handle == rq->route->show &&
            (!found || str_equal(route->path, rq->route->path)))
            found = route;
    return found ? route_path(rq->work.mem, found, rq->params) : NULL;
}

/* Where the switch leads: this page again, also after a refused form. */
static const char *switch_path(const struct request *rq)
{
    const char *shown = request_reads_only(rq) ? rq->http->path : shown_path(rq);
    return shown ? shown : "/";
}

/* With what the page reads of the query: a list stays where it is, a handle is not lost. */
static const char *switch_url(const struct request *rq, const char *code)
{
    struct mem *mem = rq->work.mem;
    const char *url = mem_join(mem, switch_path(rq), "?lang=", code);
    for (int i = 0; rq->route && i < ROUTE_QUERIES_MAX && rq->route->queries[i].name; i++) {
        const char *name = rq->route->queries[i].name;
        const char *value = request_query(rq, name);
        if (!str_is_empty(value))
            url = mem_printf(mem, "%s&%s=%s", url, name, url_encode(mem, value));
    }
    return url;
}

static struct page page_complete(struct request *rq, const struct page *page)
{
    struct mem *mem = rq->work.mem;
    const struct community *community = rq->work.community;
    const struct lang *other = other_lang(rq);
    struct page full = *page;
    full.community_name = community->name;
    full.contact = community->contact;
    if (full.contact)
        full.contact_url = mem_printf(mem, "mailto:%s", full.contact);
    full.login_name = rq->work.login ? rq->work.login->name : NULL;
    if (!full.description)
        full.description = community->description;
    full.lang = lang_code(rq->lang);
    full.path = switch_path(rq);
    full.canonical = work_url(&rq->work, full.path);
    full.css_url = asset_url("app.css");
    full.js_url = asset_url("app.js");
    full.icon_url = asset_url("icon.svg");
    full.other_lang = lang_code(other);
    full.other_lang_name = lang_own_name(other);
    full.other_lang_url = switch_url(rq, full.other_lang);
    full.own_lang_url = mem_join(mem, full.canonical, "?lang=", full.lang);
    full.other_lang_canonical = mem_join(mem, full.canonical, "?lang=", full.other_lang);
    full.noindex = full.noindex || !route_may_be_kept(rq->route);
    return full;
}

static struct html *html_new(const struct request *rq)
{
    struct mem *mem = rq->work.mem;
    struct html *h = MEM_NEW(mem, struct html);
    *h = (struct html){
        .out = buf_new_sized(mem, REPLY_BYTES_MAX, PAGE_BYTES_USUAL), .lang = rq->lang, .mem = mem};
    return h;
}

struct html *page_begin(struct request *rq, const struct page *page)
{
    struct page full = page_complete(rq, page);
    rq->page = mem_copy(rq->work.mem, &full, sizeof full);
    return html_new(rq);
}

void page_end(struct request *rq, struct html *content, int status)
{
    struct page page = *rq->page;
    struct html *h = html_new(rq);
    page.content = (struct safe_html){content->out->bytes};
    layout(h, &page);
    if (content->out->over || h->out->over)
        rq->fault = "the page is too large";
    if (rq->refusal)
        status = rq->refusal->status;
    reply_body(rq, status, "text/html; charset=utf-8", h->out->bytes, h->out->length);
}

struct html *page_part_begin(struct request *rq)
{
    return html_new(rq);
}

struct safe_html page_part_end(struct request *rq, const struct html *part)
{
    if (part->out->over)
        rq->fault = "the page is too large";
    return (struct safe_html){part->out->bytes};
}

struct safe_html page_panels(struct request *rq, enum panel_place place, int64_t object_id)
{
    struct html *h = page_part_begin(rq);
    feature_panels(rq, h, place, object_id);
    return page_part_end(rq, h);
}
