#include "test_names.hpp"

#include <condition_variable>
#include <mutex>
#include <string_view>

#include <dlfcn.h>
#include <netdb.h>

namespace fieldlink::test {
namespace {

std::mutex mutex;
std::condition_variable changed;
bool hangs = false;
unsigned threads = 0;

void hang() {
    std::unique_lock lock(mutex);
    ++threads;
    changed.wait(lock, [] { return !hangs; });
    --threads;
    changed.notify_all();
}

using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

int resolve(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
    static const auto systems = reinterpret_cast<Resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return systems(host, service, hints, found);
}

}  // namespace

HangingNames::HangingNames() {
    const std::lock_guard lock(mutex);
    hangs = true;
}

HangingNames::~HangingNames() {
    std::unique_lock lock(mutex);
    hangs = false;
    changed.notify_all();
    changed.wait(lock, [] { return threads == 0; });
}

unsigned HangingNames::hanging() {
    const std::lock_guard lock(mutex);
    return threads;
}

}  // namespace fieldlink::test

/// libcurl finds this one first.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* host, const char* service,
                                                                  const addrinfo* hints, addrinfo** found) {
    using namespace fieldlink::test;
    const std::string_view name = host ? host : "";
    constexpr std::string_view kOurs = ".test";
    if (name.size() < kOurs.size() || name.substr(name.size() - kOurs.size()) != kOurs)
        return resolve(host, service, hints, found);
    hang();
    if (name != "two.test") return EAI_AGAIN;
    addrinfo numeric = hints ? *hints : addrinfo{};
    numeric.ai_flags = AI_NUMERICHOST;
    numeric.ai_family = AF_UNSPEC;
    const int failed = resolve("::1", service, &numeric, found);
    return failed ? failed : resolve("127.0.0.1", service, &numeric, &(*found)->ai_next);
}
