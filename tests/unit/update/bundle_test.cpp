// What a bundle says of itself, and files that are none.
#include "content/update/bundle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/folder.hpp"
#include "tests/support/refusal.hpp"
#include "tests/support/update_bundle.hpp"

namespace riverlight::content {
namespace {

class BundleTest : public ::testing::Test {
  protected:
    /// Why the bytes are not taken; none if they are.
    [[nodiscard]] std::optional<BundleFault> fault_of(const std::string& bytes) const {
        const auto path = folder_.write("update.raucb", bytes);
        const auto refusal =
            test::refused<BundleFault>([&] { static_cast<void>(read_bundle_manifest(path)); });
        if (!refusal) return {};
        EXPECT_EQ(refusal->where.file, path);
        return refusal->kind;
    }
    test::Folder folder_;
};

TEST_F(BundleTest, names_its_kind_of_board_and_its_version) {
    const auto path = folder_.write("update.raucb", test::make_bundle("riverlight-amd64-uefi", "0.2.0+7"));
    const auto manifest = read_bundle_manifest(path);
    EXPECT_EQ(manifest.compatible, "riverlight-amd64-uefi");
    EXPECT_EQ(manifest.version.text(), "0.2.0+7");
}

TEST_F(BundleTest, other_files_are_refused) {
    const auto good = test::make_bundle("riverlight-amd64-uefi", "0.2.0");
    EXPECT_EQ(fault_of(""), BundleFault::no_bundle);
    EXPECT_EQ(fault_of("hsqs"), BundleFault::no_bundle);
    EXPECT_EQ(fault_of(std::string(5000, 'x')), BundleFault::no_bundle);
    EXPECT_EQ(fault_of("hsqs" + std::string(5000, '\xff')), BundleFault::no_bundle)
        << "a length beyond the file";
    EXPECT_EQ(fault_of("hsqs" + std::string(5000, '\0')), BundleFault::no_bundle) << "no length";
    EXPECT_EQ(fault_of(good.substr(0, good.size() - 9)), BundleFault::no_bundle) << "cut off";
    EXPECT_EQ(fault_of(test::wrap_bundle(std::string(500, 'x'))), BundleFault::no_manifest);
    for (const auto& [compatible, version] : {std::pair{"../etc", "0.2.0"},
                                              {"UPPER", "0.2.0"},
                                              {"", "0.2.0"},
                                              {"riverlight-amd64-uefi", ""},
                                              {"riverlight-amd64-uefi", "new"}})
        EXPECT_EQ(fault_of(test::make_bundle(compatible, version)), BundleFault::unnamed)
            << compatible << version;
    EXPECT_EQ(fault_of(test::wrap_bundle(test::sign_manifest("[image.root]\ncompatible=a\nversion=1\n"))),
              BundleFault::unnamed)
        << "only the section [update] counts";
}

TEST_F(BundleTest, any_cut_end_is_refused) {
    const auto good = test::make_bundle("riverlight-amd64-uefi", "0.2.0", std::string(64, 'p'));
    for (std::size_t size = 0; size < good.size(); ++size)
        ASSERT_TRUE(fault_of(good.substr(0, size))) << size;
}

}  // namespace
}  // namespace riverlight::content
