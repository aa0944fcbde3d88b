// Validated renditions are not read again until they are written to.
#include "player/feed/validation_cache.hpp"

#include <gtest/gtest.h>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

class ValidationCacheTest : public ::testing::Test {
  protected:
    RenditionFacts facts_of(const std::string& path, const char* profile = "720p25") {
        return cache.facts_of(path, profile_named(profile), [&] {
            ++validations;
            if (refuse) throw Error("refused");
            return RenditionFacts{validations, "parameters"};
        });
    }
    test::Folder folder;
    ValidationCache cache;
    int validations = 0;
    bool refuse = false;
};

TEST_F(ValidationCacheTest, AFileIsValidatedOnce) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    EXPECT_EQ(facts_of(path).frames, 1);
    EXPECT_EQ(facts_of(path).frames, 1);
    EXPECT_EQ(validations, 1);
}

TEST_F(ValidationCacheTest, EachProfileIsValidated) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    facts_of(path);
    facts_of(path, "720p50");
    EXPECT_EQ(validations, 2);
}

TEST_F(ValidationCacheTest, AFileThatChangedIsValidatedAgain) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    facts_of(path);
    write_file_atomically(path, "two");  // as long as before
    EXPECT_EQ(facts_of(path).frames, 2);
}

TEST_F(ValidationCacheTest, AFailureIsNotRemembered) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    refuse = true;
    EXPECT_THROW(facts_of(path), Error);
    refuse = false;
    EXPECT_EQ(facts_of(path).frames, 2);
}

TEST_F(ValidationCacheTest, AMissingFileIsLeftToTheValidator) {
    facts_of(folder / "none.mp4");
    facts_of(folder / "none.mp4");
    EXPECT_EQ(validations, 2);
}

}  // namespace
}  // namespace riverlight::player
