/**
 * Channel names and the patterns in tokens, keys and backend subscriptions: `*` is any run of characters except `/`,
 * `**` any run at all, `\*` and `\\` the literals. A run may be empty. Pure functions.
 */
const reserved = /^_(metered|internal|system)\//i;
const control = /[\u0000-\u001f\u007f-\u009f]/;

/** Null for a name that may be used, else the service's error code. */
export function channelProblem(name) {
    if (typeof name !== 'string' || name === '') return 'invalid_channel';
    if (Buffer.byteLength(name) > 256 || control.test(name)) return 'invalid_channel';
    return reserved.test(name) ? 'channel_reserved' : null;
}

/** Splits a pattern into tokens: a literal is a one-character string, a wildcard the number of its stars. */
function tokens(pattern) {
    const list = [];
    for (let i = 0; i < pattern.length; ++i) {
        if (pattern[i] === '\\' && (pattern[i + 1] === '*' || pattern[i + 1] === '\\')) list.push(pattern[++i]);
        else if (pattern.startsWith('**', i)) {
            list.push(2);
            ++i;
        } else list.push(pattern[i] === '*' ? 1 : pattern[i]);
    }
    return list;
}

/** May a wildcard of `stars` stars stand for `token`, which is a character or a narrower wildcard? */
const absorbs = (stars, token) => stars === 2 || (token !== '/' && token !== 2);

/** Does `wide` match everything that `narrow` can be? Both are token lists; a plain name is a list of literals. */
function covers(wide, narrow) {
    let row = new Array(narrow.length + 1).fill(false);
    row[0] = true;
    for (const token of wide) {
        const next = new Array(narrow.length + 1).fill(false);
        const isWildcard = typeof token === 'number';
        next[0] = isWildcard && row[0];
        for (let i = 0; i < narrow.length; ++i) {
            if (isWildcard) next[i + 1] = row[i + 1] || (next[i] && absorbs(token, narrow[i]));
            else next[i + 1] = row[i] && token === narrow[i];
        }
        row = next;
    }
    return row[narrow.length];
}

/** Remembers answers, because every publish asks the same few questions. */
function remembered(question) {
    const answers = new Map();
    return (pattern, name) => {
        const key = `${pattern}\n${name}`;
        if (!answers.has(key)) {
            if (answers.size > 10000) answers.clear();
            answers.set(key, question(pattern, name));
        }
        return answers.get(key);
    };
}

/** Does the channel `name`, taken literally, match `pattern`? */
export const matches = remembered((pattern, name) => covers(tokens(pattern), name.split('')));

/** Does `pattern` allow everything that a subscription to `wanted` (itself perhaps a pattern) could bring? */
export const allows = remembered((pattern, wanted) => covers(tokens(pattern), tokens(wanted)));
