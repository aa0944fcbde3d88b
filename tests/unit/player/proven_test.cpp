// Renditions proven once are not read twice, and one that was written to is proven anew.
#include "player/feed/proven.hpp"

#include <gtest/gtest.h>

#include "content/base/files.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::player {
namespace {

class ProvenTest : public ::testing::Test {
  protected:
    RenditionFacts ask(const std::string& path, const char* profile = "720p25") {
        return proven.facts_of(path, profile_named(profile), [&] {
            ++checks;
            if (refuse) throw Error("refused");
            return RenditionFacts{checks, "parameters"};
        });
    }
    test::Folder folder;
    Proven proven;
    int checks = 0;
    bool refuse = false;
};

TEST_F(ProvenTest, AFileIsProvenOnce) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    EXPECT_EQ(ask(path).frames, 1);
    EXPECT_EQ(ask(path).frames, 1);
    EXPECT_EQ(checks, 1);
}

TEST_F(ProvenTest, AnotherProfileIsAnotherProof) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    ask(path);
    ask(path, "720p50");
    EXPECT_EQ(checks, 2);
}

TEST_F(ProvenTest, AFileThatChangedIsProvenAnew) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    ask(path);
    write_file_atomically(path, "two");  // as long as before
    EXPECT_EQ(ask(path).frames, 2);
}

TEST_F(ProvenTest, ARefusalIsNotRemembered) {
    const auto path = folder / "r.mp4";
    write_file_atomically(path, "one");
    refuse = true;
    EXPECT_THROW(ask(path), Error);
    refuse = false;
    EXPECT_EQ(ask(path).frames, 2);
}

TEST_F(ProvenTest, AFileThatIsNotThereIsTheCheckersToRefuse) {
    ask(folder / "none.mp4");
    ask(folder / "none.mp4");
    EXPECT_EQ(checks, 2);
}

}  // namespace
}  // namespace riverlight::player
