// What a board's update keeps and exchanges in files: its note, the installer's request and answer, and what
// os-release says of the system.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "content/base/error.hpp"
#include "content/base/files.hpp"
#include "firmware/update/installer_files.hpp"
#include "firmware/update/system_paths.hpp"
#include "firmware/update/update_note.hpp"
#include "tests/support/folder.hpp"

namespace riverlight::firmware {
namespace {

using namespace std::chrono_literals;
using content::UpdateFault;
using testing::ElementsAre;

const std::string digest(64, 'a');
const Instant now = *from_rfc3339("2026-12-01T00:00:00Z");

void write(const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
}

TEST(SystemIdentity, IsTheImageOfOsRelease) {
    const test::Folder folder;
    const auto file = folder / "os-release";
    EXPECT_FALSE(read_system_identity(file)) << "no such file";
    write(file, "ID=debian\nVERSION_ID=\"12\"\n");
    EXPECT_FALSE(read_system_identity(file)) << "a Debian with our packages";
    write(file, "ID=debian\nIMAGE_ID=riverlight-amd64-uefi\nIMAGE_VERSION=\"0.1.0+20261130013049\"\n");
    const auto system = read_system_identity(file);
    ASSERT_TRUE(system);
    EXPECT_EQ(system->compatible, "riverlight-amd64-uefi");
    EXPECT_EQ(system->version.text(), "0.1.0+20261130013049");
    for (const auto* bad : {"IMAGE_ID=riverlight-amd64-uefi\n", "IMAGE_VERSION=1.0\n",
                            "IMAGE_ID=../etc\nIMAGE_VERSION=1.0\n", "IMAGE_ID=a\nIMAGE_VERSION=new\n"}) {
        write(file, bad);
        EXPECT_FALSE(read_system_identity(file)) << bad;
    }
}

TEST(UpdateNote, IsReadBack) {
    const test::Folder folder;
    EXPECT_EQ(read_update_note(folder.path()), UpdateNote{});
    UpdateNote note;
    note.number = 7;
    note.tried = TriedUpdate{"0.2.0", digest, SystemSlot::b, "boot-1", true, now, std::chrono::days(2)};
    note.last = content::SystemReport::Last{"0.1.5", UpdateFault::install_failed, now - 1h};
    note.last_why = "no space";
    note.add_refused(*note.tried, UpdateFault::install_failed, now);
    note.slot_versions = {"0.1.0", "0.2.0"};
    write_update_note(folder.path(), note);
    EXPECT_EQ(read_update_note(folder.path()), note);
    write(folder / "update.json", "{");
    EXPECT_EQ(read_update_note(folder.path()), note) << "from the copy";
    write(folder / "update.copy.json", "{");
    EXPECT_EQ(read_update_note(folder.path()), UpdateNote{});
}

TEST(UpdateNote, BarsWhatIsRefusedForGoodOrTooOften) {
    UpdateNote note;
    const TriedUpdate tried{"0.2.0", digest, SystemSlot::b, "boot-1"};
    note.add_refused(tried, UpdateFault::interrupted, now);
    note.add_refused(tried, UpdateFault::no_answer, now);
    EXPECT_TRUE(note.barred().empty());
    note.add_refused(tried, UpdateFault::install_failed, now);
    EXPECT_THAT(note.barred(), ElementsAre(digest));
    EXPECT_EQ(note.refused.size(), 1U);
    for (const auto fault : content::every_update_fault) {
        UpdateNote once;
        once.add_refused(tried, fault, now);
        EXPECT_EQ(once.barred().contains(digest), is_final(fault)) << content::to_text(fault);
    }
}

TEST(UpdateNote, ForgetsTheOldestRefusal) {
    UpdateNote note;
    for (std::size_t n = 0; n <= UpdateNote::most_refused; ++n)
        note.add_refused({"0.2.0", std::to_string(n), SystemSlot::b, "boot-1"}, UpdateFault::other_kind, now);
    EXPECT_EQ(note.refused.size(), UpdateNote::most_refused);
    EXPECT_FALSE(note.barred().contains("0"));
}

TEST(InstallerRequest, IsTakenOnce) {
    const test::Folder folder;
    const auto file = folder / "update.json";
    EXPECT_FALSE(take_request(file));
    for (const auto& request : {InstallerRequest{3, InstallerTask::install, digest, "0.2.0"},
                                InstallerRequest{4, InstallerTask::restart, {}, {}}}) {
        write_request(file, request);
        EXPECT_EQ(take_request(file), request);
        EXPECT_FALSE(take_request(file));
    }
}

TEST(InstallerRequest, WhatCannotBeReadStartsNothingAgain) {
    const test::Folder folder;
    const auto file = folder / "update.json";
    for (const auto& request : {InstallerRequest{1, InstallerTask::install, "../../etc/passwd", "0.2.0"},
                                InstallerRequest{1, InstallerTask::install, std::string(64, 'A'), "0.2.0"},
                                InstallerRequest{1, InstallerTask::install, digest, "; reboot"},
                                InstallerRequest{0, InstallerTask::install, digest, "0.2.0"}}) {
        write_request(file, request);
        EXPECT_THROW(static_cast<void>(take_request(file)), ReadError);
        EXPECT_FALSE(std::filesystem::exists(file));
    }
    write(folder / "secret", "{}");
    std::filesystem::create_symlink(folder / "secret", file);
    EXPECT_THROW(static_cast<void>(take_request(file)), ReadError);
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(file)));
    EXPECT_TRUE(std::filesystem::exists(folder / "secret"));
    std::filesystem::create_directories(file + "/full");
    EXPECT_THROW(static_cast<void>(take_request(file)), Error) << "nothing below it is removed";
    EXPECT_TRUE(std::filesystem::exists(file + "/full"));
}

TEST(InstallerAnswer, IsReadBack) {
    const test::Folder folder;
    const auto file = folder / "answer.json";
    EXPECT_FALSE(read_answer(file));
    for (const auto fault : content::every_update_fault) {
        const InstallerAnswer answer{3, true, fault, "why"};
        write_answer(file, answer);
        EXPECT_EQ(read_answer(file), answer) << content::to_text(fault);
    }
    write(file, "{");
    EXPECT_FALSE(read_answer(file));
}

}  // namespace
}  // namespace riverlight::firmware
