#include "tools/upload/upload.hpp"

#include <map>

#include "content/base/files.hpp"
#include "tools/publisher/tree.hpp"
#include "tools/upload/sent_record.hpp"

namespace riverlight::upload {
namespace {

constexpr std::uint64_t replaced_cap = 16U << 10;
constexpr std::size_t saved_every = 50;  ///< files

/// The tree at one moment. What may be replaced later is kept.
struct TreeState {
    Files files;
    std::map<std::string, std::string> replaced;  ///< bytes by path
};

TreeState read_tree(const std::string& folder) {
    const publisher::Tree tree(folder);
    tree.require_channel();
    const auto lock = tree.lock();
    TreeState state{list_tree(folder), {}};
    for (const auto& [path, _] : state.files)
        if (is_replaced(path)) state.replaced[path] = read_file(folder + '/' + path, replaced_cap);
    return state;
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
        const auto kept = tree.replaced.find(path);
        const Upload upload{path, kept == tree.replaced.end() ? std::string{} : kept->second,
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
