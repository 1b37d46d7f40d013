/** Opening and closing the port of an HTTP server, as every simulated service does it. */

/** Resolves with the number of the port when it is open; rejects when it cannot be had. */
export async function openPort(server, { host, port }) {
    await new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, resolve);
    });
    return server.address().port;
}

/** Ends what is connected, too. */
export async function closePort(server) {
    const closed = new Promise((resolve) => {
        server.close(resolve);
    });
    server.closeAllConnections();
    await closed;
}
