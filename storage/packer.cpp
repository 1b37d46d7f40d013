#include "storage/packer.hpp"

#include <new>

#include <zstd.h>

namespace fieldlink {
namespace {

// Measured (tests/bench/append_bench): higher levels save little on a few KiB and cost several times as much.
constexpr int kLevel = 1;

template <class Context>
Context* made(Context* context) {
    if (!context) throw std::bad_alloc();
    return context;
}

}  // namespace

struct Packer::Contexts {
    std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> pack{made(ZSTD_createCCtx()), &ZSTD_freeCCtx};
    std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> unpack{made(ZSTD_createDCtx()), &ZSTD_freeDCtx};
};

Packer::Packer() : contexts_(std::make_unique<Contexts>()) {}

Packer::~Packer() = default;

std::optional<std::string> Packer::pack(std::string_view body) {
    if (body.empty() || body.size() > kMaxBytes) return std::nullopt;
    std::string packed(body.size() - 1, '\0');
    const std::size_t size =
        ZSTD_compressCCtx(contexts_->pack.get(), packed.data(), packed.size(), body.data(), body.size(), kLevel);
    // An error too: then there was no room for it.
    if (ZSTD_isError(size)) return std::nullopt;
    packed.resize(size);
    return packed;
}

std::optional<std::string> Packer::unpack(std::string_view packed) {
    const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > kMaxBytes) return std::nullopt;
    std::string body(static_cast<std::size_t>(size), '\0');
    const std::size_t got =
        ZSTD_decompressDCtx(contexts_->unpack.get(), body.data(), body.size(), packed.data(), packed.size());
    if (ZSTD_isError(got) || got != body.size()) return std::nullopt;
    return body;
}

}  // namespace fieldlink
