// Updates of boards' systems that are signed by a role that may not, or that say what a board cannot use.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "content/segment/country_json.hpp"
#include "content/sync/system_image.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/places.hpp"
#include "tests/support/repository.hpp"

namespace riverlight::test {
namespace {

namespace fs = std::filesystem;
using content::ImageFault;
using content::Wave;
using content::Waves;

const Instant now = *from_rfc3339("2026-11-24T06:00:00Z");
const std::string kind = "riverlight-amd64-uefi", bundle = "the bytes of a bundle";

Wave make_wave() {
    return {.version = *content::SystemVersion::parse("0.2.0"),
            .sha256 = sha256_hex(bundle),
            .bytes = bundle.size(),
            .share = 100};
}

/// A channel that a test may sign anything into, and a board's store.
class ImageRoles : public ::testing::Test {
  protected:
    ImageRoles() {
        repo_.delegate("targets", {.name = "kh", .paths = {"countries/kh/*", "images/*/*"}});
        const auto country = make_country();
        repo_.add_target("targets", "schedules/mekong.json", R"({"format":1,"campaign":[]})");
        repo_.add_target("kh", "countries/kh/places.json", content::write_places(country));
        repo_.add_target("kh", "countries/kh/clearances.json", content::write_clearances(country));
        repo_.add_target("kh", "countries/kh/hotlines.json", content::write_hotlines(country));
    }

    content::SyncResult visit() {
        repo_.publish({"targets", "kh", "snapshot", "timestamp"});
        fs::remove_all(folder_ / "tree");
        repo_.write_to(folder_ / "tree");
        content::SyncOptions o;
        o.channel_url = "file://" + folder_ / "tree";
        o.store_root = folder_ / "store";
        o.trusted_root = folder_ / "tree/metadata/1.root.json";
        o.place = "kh-1";
        o.image = content::SystemImageRequest{kind,
                                              [](const Waves& waves) -> std::optional<Wave> {
                                                  if (waves.waves.empty()) return {};
                                                  return waves.waves.back();
                                              },
                                              [](const Wave&) { return false; }};
        return content::sync_channel(o, now, {});
    }
    void sign(const std::string& role, const std::string& document, const std::string& bytes = bundle) {
        repo_.add_target(role, content::waves_target(kind), document);
        repo_.add_target(role, content::bundle_target(kind, sha256_hex(bundle)), bytes);
    }
    [[nodiscard]] bool has_bundle() const { return content::has_bundle({folder_ / "store"}, make_wave()); }
    [[nodiscard]] bool has_waves() const {
        return content::read_kept_waves({folder_ / "store"}, kind).has_value();
    }
    /// What keeps the update away; the release comes all the same.
    std::optional<ImageFault> fault() {
        const auto result = visit();
        EXPECT_FALSE(result.release.empty());
        EXPECT_FALSE(result.refused);
        if (!result.image.trouble) return {};
        EXPECT_FALSE(result.image.trouble->why.empty());
        return result.image.trouble->kind;
    }

    Folder folder_;
    Repository repo_{now};
};

TEST_F(ImageRoles, what_the_programmes_role_signs_is_taken) {
    sign("targets", content::write_waves({kind, {make_wave()}}));
    EXPECT_EQ(fault(), std::nullopt);
    EXPECT_TRUE(has_bundle());
}

TEST_F(ImageRoles, a_countrys_role_may_not_update_boards) {
    sign("kh", content::write_waves({kind, {make_wave()}}));
    EXPECT_EQ(fault(), ImageFault::unusable);
    EXPECT_FALSE(has_bundle());
    EXPECT_FALSE(has_waves());
}

TEST_F(ImageRoles, a_countrys_role_may_not_sign_a_bundle) {
    repo_.add_target("targets", content::waves_target(kind), content::write_waves({kind, {make_wave()}}));
    repo_.add_target("kh", content::bundle_target(kind, sha256_hex(bundle)), bundle);
    EXPECT_EQ(fault(), ImageFault::unusable);
    EXPECT_FALSE(has_bundle());
}

TEST_F(ImageRoles, a_bundle_that_is_not_in_the_signed_list_is_refused) {
    repo_.add_target("targets", content::waves_target(kind), content::write_waves({kind, {make_wave()}}));
    EXPECT_EQ(fault(), ImageFault::unusable);
    EXPECT_FALSE(has_bundle());
}

TEST_F(ImageRoles, a_bundle_of_another_hash_or_length_is_refused) {
    sign("targets", content::write_waves({kind, {make_wave()}}), "other bytes under this name");
    EXPECT_EQ(fault(), ImageFault::unusable);
    auto longer = make_wave();
    ++longer.bytes;
    sign("targets", content::write_waves({kind, {longer}}));
    EXPECT_EQ(fault(), ImageFault::unusable);
    EXPECT_FALSE(has_bundle());
}

TEST_F(ImageRoles, a_document_that_cannot_be_read_ends_what_was_offered) {
    sign("targets", content::write_waves({kind, {make_wave()}}));
    ASSERT_EQ(fault(), std::nullopt);
    ASSERT_TRUE(has_waves());
    for (const auto& bad : {std::string("{\"format\":9}"), std::string("no JSON"), std::string(),
                            content::write_waves({"riverlight-arm64-pi4", {make_wave()}}),
                            std::string(content::longest_waves + 1, ' ')}) {
        repo_.add_target("targets", content::waves_target(kind), bad);
        EXPECT_EQ(fault(), ImageFault::unusable) << bad.substr(0, 40);
        EXPECT_FALSE(has_waves()) << bad.substr(0, 40);
    }
    sign("targets", content::write_waves({kind, {make_wave()}}));
    EXPECT_EQ(fault(), std::nullopt);
    EXPECT_TRUE(has_waves());
}

TEST_F(ImageRoles, other_targets_are_nobodys_facts) {
    repo_.add_target("targets", "notes/of-a-later-version", std::string(9U << 20, 'x'));
    EXPECT_EQ(fault(), std::nullopt);
    EXPECT_FALSE(has_waves());
}

}  // namespace
}  // namespace riverlight::test
