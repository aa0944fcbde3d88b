#include "content/base/crypto.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/support/refusal.hpp"

namespace riverlight {
namespace {

namespace fs = std::filesystem;

TEST(Digest, MatchesFips180Examples) {
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Sha256 sha;
    sha.add("a");
    sha.add("bc");
    EXPECT_EQ(sha.hex(), sha256_hex("abc"));
    EXPECT_EQ(sha.hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        << "starts over after hex()";
}

TEST(Signature, MatchesRfc8032Test2) {
    const auto key =
        SigningKey::from_seed_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
    EXPECT_EQ(key.public_hex(), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const auto signature = key.sign("\x72");
    EXPECT_EQ(signature,
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d"
              "8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(verify_signature(key.public_hex(), "\x72", signature));
    EXPECT_FALSE(verify_signature(key.public_hex(), "\x73", signature));
    EXPECT_FALSE(verify_signature(key.public_hex(), "\x72", signature.substr(2)));
    EXPECT_FALSE(verify_signature("zz", "\x72", signature));
}

class KeyFile : public testing::Test {
  protected:
    KeyFile() {
        auto name = (fs::temp_directory_path() / "riverlight-key.XXXXXX").string();
        folder_ = ::mkdtemp(name.data());
        path_ = folder_ + "/board.key";
    }
    ~KeyFile() override { fs::remove_all(folder_); }
    std::string folder_, path_;
};

TEST_F(KeyFile, IsPrivateAndReadsBack) {
    const auto key = SigningKey::generate();
    key.save(path_);
    struct stat status {};
    ASSERT_EQ(::stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);
    EXPECT_EQ(SigningKey::load(path_).public_hex(), key.public_hex());
}

TEST_F(KeyFile, IsNeverOverwritten) {
    SigningKey::generate().save(path_);
    EXPECT_THROW(SigningKey::generate().save(path_), Error);
}

TEST_F(KeyFile, ReadableByOthersIsRefusedWithAdvice) {
    SigningKey::generate().save(path_);
    ASSERT_EQ(::chmod(path_.c_str(), 0644), 0);
    const auto exposed = test::refused<KeyFault>([&] { static_cast<void>(SigningKey::load(path_)); });
    ASSERT_THAT(exposed, testing::AllOf(test::Refuses(KeyFault::exposed, ""), test::Of(path_)));
    EXPECT_EQ(exposed->what(), path_ + ": is readable by others; run: chmod 600 " + path_);
}

TEST_F(KeyFile, WithHalvesOfTwoKeysIsRefused) {
    const auto seed = std::string(64, '1');
    std::ofstream(path_) << R"({"format":1,"keytype":"ed25519","public":")"
                         << SigningKey::generate().public_hex() << R"(","secret_seed":")" << seed << "\"}";
    ASSERT_EQ(::chmod(path_.c_str(), 0600), 0);
    EXPECT_THROW(static_cast<void>(SigningKey::load(path_)), Error);
}

TEST(Password, MatchesOnlyItself) {
    const auto encoded = hash_password("correct horse");
    EXPECT_THAT(encoded, testing::StartsWith("$argon2id$"));
    EXPECT_TRUE(password_matches("correct horse", encoded));
    EXPECT_FALSE(password_matches("correct horsf", encoded));
    EXPECT_FALSE(password_matches("correct horse", "not an encoded password"));
}

TEST(Text, HexAndBase64ReadBackAndRefuseJunk) {
    const std::string bytes("\x00\xff\x10", 3);
    EXPECT_EQ(from_hex(to_hex(bytes)), bytes);
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
    for (const char* junk : {"a", "0g", "00 11"})
        EXPECT_THROW(static_cast<void>(from_hex(junk)), Error) << junk;
    for (const char* junk : {"AP8", "****", "AP8QAP8Q="})
        EXPECT_THROW(static_cast<void>(from_base64(junk)), Error) << junk;
}

TEST(Fingerprint, IsFourGroupsOfTheKeysOwnHash) {
    EXPECT_EQ(key_fingerprint("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c").size(),
              19U);
}

TEST(Secret, ComparesWhole) {
    EXPECT_TRUE(same_secret("abc", "abc"));
    EXPECT_FALSE(same_secret("abc", "abd"));
    EXPECT_FALSE(same_secret("abc", "ab"));
}

}  // namespace
}  // namespace riverlight
