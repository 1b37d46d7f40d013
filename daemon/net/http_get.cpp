#include "daemon/net/http_get.hpp"

#include <optional>
#include <stdexcept>

#include "daemon/net/curl_transfer.hpp"

namespace fieldlink {
namespace {

using std::chrono::seconds;

struct ListCleanup {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

/// What libcurl makes of Retry-After. A date is read by this machine's clock: what comes out too long is its fault.
seconds retry_after(CURL* easy) {
    constexpr seconds kLongest = std::chrono::hours(24);
    curl_off_t said = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &said);
    return said > 0 && said <= kLongest.count() ? seconds(said) : seconds(0);
}

}  // namespace

class HttpGet::Impl {
public:
    Impl(boost::asio::io_context& io, Route route) : io_(io), route_(std::move(route)), postbox_(io) {}

    void start(const HttpRequest& request, Done done);
    void cancel();

private:
    void set_options(const HttpRequest& request);
    void finish(CURLcode code);

    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);

    boost::asio::io_context& io_;
    Route route_;
    LastAddress last_;
    Done done_;
    HttpAnswer answer_;
    std::size_t max_body_ = 0;
    bool too_big_ = false;
    std::unique_ptr<curl_slist, ListCleanup> headers_;
    std::optional<CurlTransfer> transfer_;
    Postbox postbox_;
};

void HttpGet::Impl::start(const HttpRequest& request, Done done) {
    cancel();
    done_ = std::move(done);
    answer_ = {};
    too_big_ = false;
    max_body_ = request.max_body;
    try {
        transfer_.emplace(io_, request.url, route_, last_);
        set_options(request);
        transfer_->start([this](CURLcode code) { finish(code); });
    } catch (const std::runtime_error& error) {
        answer_.error = error.what();
        postbox_.post([this] { std::exchange(done_, nullptr)(std::move(answer_)); });
    }
}

void HttpGet::Impl::set_options(const HttpRequest& request) {
    CURL* const easy = transfer_->easy();
    const std::string authorization = "Authorization: Bearer " + request.bearer;
    headers_.reset(curl_slist_append(nullptr, authorization.c_str()));
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
    curl_easy_setopt(easy, CURLOPT_HEADEROPT, CURLHEADER_SEPARATE);  // the proxy does not get the secret
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Impl::on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, this);
}

void HttpGet::Impl::cancel() {
    postbox_.forget();
    transfer_.reset();
    headers_.reset();
    done_ = nullptr;
}

std::size_t HttpGet::Impl::on_body(char* data, std::size_t size, std::size_t count, void* self) {
    Impl& impl = *static_cast<Impl*>(self);
    impl.too_big_ = impl.answer_.body.size() + size * count > impl.max_body_;
    if (impl.too_big_) return 0;  // ends the transfer
    impl.answer_.body.append(data, size * count);
    return size * count;
}

void HttpGet::Impl::finish(CURLcode code) {
    HttpAnswer answer = std::move(answer_);
    curl_easy_getinfo(transfer_->easy(), CURLINFO_RESPONSE_CODE, &answer.status);
    answer.retry_after = retry_after(transfer_->easy());
    if (too_big_) {
        answer.error = "the answer is longer than " + std::to_string(max_body_) + " bytes";
    } else if (code != CURLE_OK) {
        Unreached why = transfer_->why_not(code);
        answer.error = std::move(why.text);
        answer.fault = why.fault;
    } else {
        transfer_->reached();
    }
    const Done done = std::move(done_);
    cancel();
    done(std::move(answer));
}

HttpGet::HttpGet(boost::asio::io_context& io, Route route) : impl_(std::make_unique<Impl>(io, std::move(route))) {}
HttpGet::~HttpGet() = default;

void HttpGet::start(const HttpRequest& request, Done done) {
    impl_->start(request, std::move(done));
}

void HttpGet::cancel() {
    impl_->cancel();
}

}  // namespace fieldlink
