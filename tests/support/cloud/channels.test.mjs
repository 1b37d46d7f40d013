import assert from 'node:assert/strict';
import test from 'node:test';
import { allows, channelProblem, matches } from './channels.mjs';

const matching = [
    ['fleet/gw/**', 'fleet/gw/telemetry'],
    ['fleet/gw/**', 'fleet/gw/cmd/result'],
    ['fleet/gw/**', 'fleet/gw/'],
    ['fleet/*/telemetry', 'fleet/gw-1/telemetry'],
    ['fleet/sensor-*/telemetry', 'fleet/sensor-42/telemetry'],
    ['**', 'anything at all/even this'],
    ['**/cmd', 'fleet/gw/cmd'],
    ['a*b*c', 'abbbc'],
    ['a\\*b', 'a*b'],
    ['a\\\\b', 'a\\b'],
    ['fleet/gw/telemetry', 'fleet/gw/telemetry'],
];
const different = [
    ['fleet/gw/**', 'fleet/gw2/telemetry'],
    ['fleet/gw/**', 'fleet/gw'],
    ['fleet/*', 'fleet/gw/telemetry'],
    ['fleet/*/telemetry', 'fleet/a/b/telemetry'],
    ['a\\*b', 'axb'],
    ['Fleet/gw', 'fleet/gw'],
    ['*', 'a/b'],
];

test('a wildcard matches what the wire protocol says', () => {
    for (const [pattern, name] of matching) assert.ok(matches(pattern, name), `${pattern} should match ${name}`);
    for (const [pattern, name] of different) assert.ok(!matches(pattern, name), `${pattern} should not match ${name}`);
});

test('a token allows a subscription pattern only when it covers all of it', () => {
    assert.ok(allows('fleet/**', 'fleet/**'));
    assert.ok(allows('fleet/**', 'fleet/sensor-*/telemetry'));
    assert.ok(allows('fleet/*/telemetry', 'fleet/sensor-*/telemetry'));
    assert.ok(allows('a\\*b', 'a\\*b'));
    assert.ok(!allows('fleet/*', 'fleet/**'));
    assert.ok(!allows('fleet/gw/**', 'fleet/**'));
    assert.ok(!allows('fleet/gw/**', 'fleet/*/cmd'));
    assert.ok(!allows('a\\*b', 'a*b'));
});

test('a channel name is at most 256 bytes without control characters or a reserved prefix', () => {
    assert.equal(channelProblem('x'.repeat(256)), null);
    assert.equal(channelProblem('x'.repeat(257)), 'invalid_channel');
    assert.equal(channelProblem('°'.repeat(129)), 'invalid_channel');
    assert.equal(channelProblem('a\nb'), 'invalid_channel');
    assert.equal(channelProblem(''), 'invalid_channel');
    assert.equal(channelProblem(7), 'invalid_channel');
    assert.equal(channelProblem('_System/x'), 'channel_reserved');
});
