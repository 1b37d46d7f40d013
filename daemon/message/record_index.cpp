#include "daemon/message/record_index.hpp"

#include "daemon/message/body.hpp"
#include "storage/records.hpp"

namespace fieldlink {

RecordIndex::RecordIndex(std::string_view body) : body_(body) {
    Records records(body);
    Record record;
    End sum;
    while (records.next(record)) {
        if (ends_.empty()) begin_ = static_cast<std::size_t>(record.bytes.data() - body.data());
        sum.stored += record.bytes.size();
        sum.rendered += fieldlink::rendered_size(record.sensor, record.members);
        ends_.push_back(sum);
    }
}

RecordIndex::End RecordIndex::end(std::uint32_t records) const {
    return records == 0 ? End() : ends_[records - 1];
}

std::size_t RecordIndex::rendered_size(std::uint32_t first, std::uint32_t count) const {
    return end(first + count).rendered - end(first).rendered;
}

std::string RecordIndex::cut(std::uint32_t first, std::uint32_t count) const {
    const std::size_t from = end(first).stored, to = end(first + count).stored;
    std::string part;
    begin_body(part, Records(body_).base());
    return part.append(body_.substr(begin_ + from, to - from));
}

std::string RecordIndex::sensor(std::uint32_t record) const {
    const std::string body = cut(record, 1);
    Record found;
    Records(body).next(found);
    return std::string(found.sensor);
}

}  // namespace fieldlink
