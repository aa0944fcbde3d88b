#include "tools/upload/upload.hpp"

#include "content/base/files.hpp"
#include "tools/publisher/tree.hpp"
#include "tools/upload/sent_record.hpp"

namespace riverlight::upload {
namespace {

constexpr std::uint64_t timestamp_cap = 16U << 10;
constexpr std::size_t saved_every = 50;  ///< files
constexpr std::string_view timestamp = "metadata/timestamp.json";

/// The tree at one moment. Only timestamp.json may be replaced later, so that its bytes are kept.
struct TreeState {
    Files files;
    std::string timestamp_bytes;
};

TreeState read_tree(const std::string& folder) {
    const publisher::Tree tree(folder);
    tree.require_channel();
    const auto lock = tree.lock();
    return {list_tree(folder), read_file(folder + '/' + std::string(timestamp), timestamp_cap)};
}

/// Notes what was sent, also if a later file fails.
class RecordSaver {
  public:
    explicit RecordSaver(SentRecord& record) : record_(record) {}
    RecordSaver(const RecordSaver&) = delete;
    RecordSaver& operator=(const RecordSaver&) = delete;
    ~RecordSaver() {
        try {
            record_.save();
        } catch (const Error&) {  // everything is sent again next time
        }
    }
    void note() {
        if (++count_ % saved_every == 0) record_.save();
    }

  private:
    SentRecord& record_;
    std::size_t count_ = 0;
};

}  // namespace

UploadReport upload_tree(const std::string& folder, Destination& destination,
                         const std::function<void(const std::string&)>& tell) {
    const auto tree = read_tree(folder);
    SentRecord record(folder, destination.name());
    const auto plan = plan_upload(tree.files, record.files());
    UploadReport report;
    RecordSaver saver(record);
    for (const auto& path : plan.put) {
        tell("sending " + path);
        const Upload upload{path, path == timestamp ? tree.timestamp_bytes : std::string{},
                            folder + '/' + path};
        destination.put(upload);
        record.add(path, tree.files.at(path));
        saver.note();
        ++report.sent;
        report.bytes += tree.files.at(path).bytes;
    }
    for (const auto& path : plan.remove) {
        tell("removing " + path);
        destination.remove(path);
        record.remove(path);
        saver.note();
        ++report.removed;
    }
    return report;
}

UploadReport upload_tree(const std::string& folder, const std::string& address,
                         const DestinationOptions& options,
                         const std::function<void(const std::string&)>& tell) {
    const auto destination = open_destination(address, options);
    return upload_tree(folder, *destination, tell);
}

}  // namespace riverlight::upload
