#pragma once
#include <filesystem>
#include <map>
#include <mutex>
#include <string>

#include "content/segment/manifest.hpp"
#include "tools/author/build_cache.hpp"
#include "tools/author/examine.hpp"
#include "tools/author/source.hpp"

namespace riverlight::author {

/// The temporary folder of a build in progress, and the media files made in it. Thread-safe, apart from
/// files(): languages are made in parallel.
class BuildFolder {
  public:
    /// `earlier`: the folder of the earlier build that `cache` was read from. Everything passed must outlive
    /// this object.
    BuildFolder(const SegmentSource& source, std::filesystem::path folder, std::filesystem::path earlier,
                BuildCache& cache, const Progress& progress);

    /// Tells the author what is being made.
    void report(const std::string& text);
    /// Reuses the file that an earlier build made for `key`. Returns its hash; empty: it must be made.
    [[nodiscard]] std::string reuse(const std::string& key);
    /// Moves the finished file `made` into the media folder under its hash, and records it for `key`. `facts`
    /// lacks only hash and size. Returns the hash.
    std::string add(const std::string& key, const std::filesystem::path& made, content::MediaFile facts);
    /// Where a file may be written before add().
    [[nodiscard]] std::filesystem::path temporary(const std::string& name) const { return folder_ / name; }
    /// Path of the file whose hash reuse() or add() returned.
    [[nodiscard]] std::string path_of(const std::string& sha256);
    [[nodiscard]] const SegmentSource& source() const { return source_; }
    [[nodiscard]] BuildCache& cache() { return cache_; }
    /// Hands over the list of all files, once all are made.
    [[nodiscard]] std::map<std::string, content::MediaFile> files() { return std::move(files_); }

  private:
    const SegmentSource& source_;
    std::filesystem::path folder_, earlier_;
    BuildCache& cache_;
    const Progress& progress_;
    std::mutex lock_;
    std::map<std::string, content::MediaFile> files_;  // under lock_
};

}  // namespace riverlight::author
