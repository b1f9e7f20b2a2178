/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* What pages do better with a script: counts that move by themselves, forms that are not sent
 * twice, a share button. Everything works without it, so nothing here may be the only way to do
 * something, and no text is made here: sentences come translated in data-one and data-many, with
 * {n} for the number. */

const language = document.documentElement.lang || 'fr';
const written = new Intl.NumberFormat(language);
const plural = new Intl.PluralRules(language);

/* Writes n into an element: the bare number, or its sentence. */
function show(element, n) {
    const { one, many, none } = element.dataset;
    let sentence = plural.select(n) === 'one' ? one : many;
    if (n <= 0 && none !== undefined) sentence = none;
    const text = (sentence ?? '{n}').replace('{n}', written.format(n));
    if (element.textContent === text) return;
    element.textContent = text;
    if (element.matches('.count')) bump(element);
}

/* A small movement; the style sheet knows of it only where motion is welcome. */
function bump(element) {
    element.classList.remove('bump');
    void element.offsetWidth; /* starts the animation anew */
    element.classList.add('bump');
}

/* Each dot of a swarm is one stroke of its paths' data: move as many as are needed to the first
 * path. */
function gather(swarm, n) {
    const here = swarm.querySelector('.here');
    const free = swarm.querySelector('.free');
    const dots = (here.getAttribute('d') + free.getAttribute('d')).match(/M[^M]+/g);
    const count = Math.min(dots.length, Math.floor(n * dots.length / swarm.dataset.target));
    here.setAttribute('d', dots.slice(0, count).join(''));
    free.setAttribute('d', dots.slice(count).join(''));
}

/* Live counts. On the element around: data-live (the stream), data-live-json (the campaign), data-
 * unit and what data-minimum and data-target count in it. On its parts: data-live-people, -percent,
 * -to-go, -bar, -swarm and -status. */
const pollMs = 15000;    /* asking, while no stream is open */
const silenceMs = 60000; /* a stream silent for so long is dead: `alive` comes more often */
const speakMs = 10000;   /* a screen reader is told of changes no more often */

class Live {
    constructor(root) {
        this.root = root;
        this.version = -1;
        this.heardAt = Date.now();
        this.openedAt = 0;
        this.spokenAt = 0;
        document.addEventListener('visibilitychange', () => this.look());
        setInterval(() => this.tend(), pollMs);
        this.look();
    }

    /* Follows while somebody can see it; a page in the background costs the server nothing. */
    look() {
        if (document.hidden) this.close();
        else if (!this.stream) this.open();
    }

    open() {
        this.heardAt = this.openedAt = Date.now();
        this.stream = new EventSource(this.root.dataset.live);
        this.stream.addEventListener('open', () => this.heard());
        this.stream.addEventListener('alive', () => this.heard());
        this.stream.addEventListener('progress', event => {
            this.heard();
            this.update(JSON.parse(event.data));
        });
    }

    close() {
        this.stream?.close();
        this.stream = null;
    }

    heard() {
        this.heardAt = Date.now();
    }

    /* Every 15 s: if the stream is not open or has gone silent, asks once, and now and then tries a
     * new stream. */
    tend() {
        if (document.hidden) return;
        const now = Date.now();
        const silent = now - this.heardAt > silenceMs;
        if (this.stream?.readyState === EventSource.OPEN && !silent) return;
        this.ask();
        if (now - this.openedAt > silenceMs) {
            this.close();
            this.open();
        }
    }

    async ask() {
        try {
            const headers = { Accept: 'application/json' };
            const answer = await fetch(this.root.dataset.liveJson, { headers });
            if (answer.ok) this.update((await answer.json()).progress);
        } catch {
            /* Without a network the page stays as it is; the next round asks again. */
        }
    }

    /* `progress` is {people, hours, quantity, waiting, percent, version}; an older version than the
     * shown one is late. */
    update(progress) {
        if (!progress || progress.version <= this.version) return;
        this.version = progress.version;
        const { unit = 'people', minimum, target } = this.root.dataset;
        const n = Number(progress[unit]) || 0;
        const goal = n < Number(minimum) || !Number(target) ? Number(minimum) : Number(target);
        this.each('people', part => show(part, Number(progress.people)));
        this.each('percent', part => show(part, Number(progress.percent)));
        this.each('to-go', part => show(part, Math.max(0, Math.ceil(goal - n))));
        this.each('bar', bar => { bar.value = Math.min(bar.max, Number(progress.percent)); });
        this.each('swarm', swarm => gather(swarm, n));
        this.speak(Number(progress.people));
    }

    each(part, act) {
        this.root.querySelectorAll(`[data-live-${part}]`).forEach(act);
    }

    /* The first number is on the page already. Later ones are told when the last telling is long
     * enough ago. */
    speak(people) {
        if (people === this.people) return;
        this.people = people;
        if (this.spokenAt === 0) this.spokenAt = Date.now();
        else if (!this.speaking) {
            const wait = Math.max(0, this.spokenAt + speakMs - Date.now());
            this.speaking = setTimeout(() => {
                this.speaking = 0;
                this.spokenAt = Date.now();
                this.each('status', part => show(part, this.people));
            }, wait);
        }
    }
}

/* Forms go out once. The server is safe against a second sending; this only spares people the
 * doubt. After ten seconds, or when they come back to the page, they may try again. */
const resendMs = 10000;

function release(form) {
    delete form.dataset.sent;
    form.querySelectorAll('button').forEach(button => button.removeAttribute('aria-disabled'));
}

document.addEventListener('submit', event => {
    const form = event.target;
    if (form.method !== 'post') return;
    if (form.dataset.sent) {
        event.preventDefault();
        return;
    }
    form.dataset.sent = 'yes';
    event.submitter?.setAttribute('aria-disabled', 'true');
    setTimeout(() => release(form), resendMs);
});

window.addEventListener('pageshow', () => {
    document.querySelectorAll('form[data-sent]').forEach(release);
});

/* The share button stays hidden where a browser can neither share nor copy. The address stands
 * beside it as text. */
function sharing(button) {
    const { share: url, title, copied } = button.dataset;
    const canShare = Boolean(navigator.share);
    if (!canShare && !navigator.clipboard) return;
    if (!canShare) button.textContent = button.dataset.copy;
    button.hidden = false;
    button.addEventListener('click', async () => {
        try {
            if (canShare) {
                await navigator.share({ title, url });
                return;
            }
            await navigator.clipboard.writeText(url);
            button.textContent = copied;
        } catch {
            /* Closing the share sheet is no error. */
        }
    });
}

document.querySelectorAll('[data-share]').forEach(sharing);
document.querySelectorAll('[data-live]').forEach(root => new Live(root));
