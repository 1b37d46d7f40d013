#pragma once

#include <functional>
#include <memory>
#include <string>

#include "daemon/net/curl_loop.hpp"
#include "daemon/net/last_address.hpp"
#include "daemon/net/route.hpp"
#include "daemon/net/server_trust.hpp"

namespace fieldlink {

/// Why a server was not reached. The text is for a person and holds no URL and no password.
struct Unreached {
    OpenFault fault = OpenFault::none;
    std::string text;
};

/// One libcurl transfer and its way to its server: name, address, proxy and TLS. What it is to do there its owner says,
/// by options of easy().
///
/// [net thread] As CurlLoop: may be destroyed at any time but from inside one of libcurl's callbacks.
class CurlTransfer {
public:
    using Step = std::function<void(OpenStep)>;
    using Tune = void (*)(int socket);

    /// `url` is http:// or https://. Throws std::runtime_error if it is none, or libcurl cannot be used.
    CurlTransfer(boost::asio::io_context& io, const std::string& url, const Route& route, LastAddress& last);

    /// If it is given up before the name was resolved, that counts as not resolved.
    ~CurlTransfer();
    CurlTransfer(const CurlTransfer&) = delete;
    CurlTransfer& operator=(const CurlTransfer&) = delete;

    /// `step` is called once for connecting and for securing, from inside libcurl; `tune` for each socket before it
    /// connects. Both before start(), or not at all.
    void watch(Step step, Tune tune);

    CURL* easy() const { return loop_.easy(); }
    void start(CurlLoop::Done done) { loop_.start(std::move(done)); }

    /// The server is reached, and is the right one. To be called once the transfer has succeeded.
    void reached();

    /// Why the transfer failed. To be called once it has.
    Unreached why_not(CURLcode code);

    const ServerTrust& trust() const { return trust_; }

    /// What libcurl says of an error, of the transfer or after it.
    std::string said(CURLcode code) const;

private:
    void find_server(const std::string& url);
    void set_address();
    void set_proxy(const std::string& configured);
    void set_tls();
    void begin(OpenStep step);
    OpenFault where(CURLcode code) const;
    std::string proxy_text(CURLcode code) const;
    std::string tls_text(CURLcode code) const;
    std::string connect_text(CURLcode code) const;
    std::string system_text() const;
    long number(CURLINFO info) const;

    static int on_socket(void* self, curl_socket_t fd, curlsocktype purpose);
    static CURLcode on_tls(CURL*, void* context, void* self);

    ServerTrust trust_;
    LastAddress& last_;
    Step step_;
    Tune tune_ = nullptr;
    bool secure_ = false;
    std::string host_, port_;
    bool proxied_ = false;  ///< as far as can be told: NO_PROXY is libcurl's to read
    bool connecting_ = false, securing_ = false, concluded_ = false;
    struct ListCleanup {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };
    std::unique_ptr<curl_slist, ListCleanup> addresses_;
    char error_text_[CURL_ERROR_SIZE] = "";
    CurlLoop loop_;  // the last: it ends first, and libcurl uses the others until then
};

}  // namespace fieldlink
