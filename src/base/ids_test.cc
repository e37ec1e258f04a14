#include "base/ids.h"

#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace slipway {
namespace {

TEST(Ids, RandomIdsHaveTheAlphabetOfRunIdsAndDoNotRepeat) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto id = random_id();
    EXPECT_EQ(id.size(), 8U);
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"), std::string::npos) << id;
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 1000U);
  EXPECT_EQ(random_hex(16).size(), 32U);
}

TEST(Ids, KnownDigests) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(md5_hex("abc"), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(md5_base64(""), "1B2M2Y8AsgTpgAmY7PhCfg==");
  EXPECT_EQ(to_hex(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
}

TEST(Ids, Base64IsStrict) {
  for (const std::string& bytes : std::vector<std::string>{"", "f", "fo", "foo", "foob", std::string("\0\xFF", 2)}) {
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  }
  for (const char* bad : {"Zg", "Zg=", "Z===", "Zm9v\n", "Zm-v", "====", "Zg==Zg=="})
    EXPECT_FALSE(from_base64(bad)) << bad;
}

TEST(Ids, HexIsStrict) {
  EXPECT_EQ(from_hex("00ffA0"), std::string("\0\xFF\xA0", 3));
  for (const char* bad : {"0", "0g", "+1", "0x"}) EXPECT_FALSE(from_hex(bad)) << bad;
}

TEST(Ids, GlobalIdsNameTheirType) {
  EXPECT_EQ(global_id("RunQueueItem", 17), "UnVuUXVldWVJdGVtOjE3");
  EXPECT_EQ(parse_global_id("RunQueueItem", "UnVuUXVldWVJdGVtOjE3"), 17);
  EXPECT_FALSE(parse_global_id("RunQueue", global_id("RunQueueItem", 17)));
  EXPECT_FALSE(parse_global_id("RunQueueItem", to_base64("RunQueueItem:-1")));
  EXPECT_FALSE(parse_global_id("RunQueueItem", to_base64("RunQueueItem:1x")));
  EXPECT_FALSE(parse_global_id("RunQueueItem", to_base64("RunQueueItem")));
  EXPECT_FALSE(parse_global_id("RunQueueItem", "not base64"));
}

TEST(Ids, ConstantTimeEqualComparesContent) {
  EXPECT_TRUE(constant_time_equal("same", "same"));
  EXPECT_FALSE(constant_time_equal("same", "sama"));
  EXPECT_FALSE(constant_time_equal("same", "sam"));
}

}  // namespace
}  // namespace slipway
