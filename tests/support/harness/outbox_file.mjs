/** Questions to an outbox file itself, while its gateway does not run. */

/** Its own counts, with the last number that it gave. */
export async function outboxCounts(gateway) {
    const [counts] = await gateway.query(`
        SELECT *, last_position - coalesce(
            (SELECT seq_offset FROM epoch ORDER BY first_position DESC LIMIT 1), 0) AS last_seq FROM ledger`);
    return counts;
}

/** What it holds. Nothing may have been given up for space. */
export function outboxMessages(gateway) {
    return gateway.query(`
        SELECT position - seq_offset AS seq, channel.name AS channel, readings, epoch.name AS epoch
          FROM (SELECT position, channel AS number, readings FROM message
                UNION ALL SELECT position, channel, readings FROM urgent)
          JOIN channel ON channel.id = number
          JOIN epoch ON first_position = (SELECT max(first_position) FROM epoch WHERE first_position <= position)
         ORDER BY position`);
}
