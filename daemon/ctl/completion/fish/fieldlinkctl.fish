# fish completion for fieldlinkctl(1)

set -l verbs status tail read write poll metrics outbox check
set -l outbox_verbs stats list show export replay purge

complete -c fieldlinkctl -f
complete -c fieldlinkctl -l help -d 'Show help'
complete -c fieldlinkctl -l socket -r -F -d 'The control socket of the daemon'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -l version -d 'Show the version'

complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a status -d 'How the gateway is'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a tail -d 'Readings as they come'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a read -d 'Read a sensor or a point now'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a write -d 'Write a point and read it back'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a poll -d 'Poll a sensor now'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a metrics -d 'What the gateway counts'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a outbox -d 'See, export, replay and purge what is stored'
complete -c fieldlinkctl -n "not __fish_seen_subcommand_from $verbs" -a check -d 'Check a configuration'

complete -c fieldlinkctl -n '__fish_seen_subcommand_from status' -l json -d 'One line of JSON'
complete -c fieldlinkctl -n '__fish_seen_subcommand_from tail' -l json -d 'A line of JSON for each reading'

# The words behind read, write or poll that stand before the one being typed.
function __fieldlinkctl_places
    set -l words (commandline -opc)
    for i in (seq (count $words))
        if contains -- $words[$i] read write poll
            string match -v -- '--*' $words[(math $i + 1)..-1]
            return
        end
    end
end
complete -c fieldlinkctl -n '__fish_seen_subcommand_from read write poll' -l json -d 'The result as JSON'
complete -c fieldlinkctl -n '__fish_seen_subcommand_from read write poll; and test (count (__fieldlinkctl_places)) = 0' -a '(fieldlinkctl complete sensors 2>/dev/null)' -d 'Sensor'
complete -c fieldlinkctl -n '__fish_seen_subcommand_from read write; and test (count (__fieldlinkctl_places)) = 1' -a '(fieldlinkctl complete points (__fieldlinkctl_places)[1] 2>/dev/null)' -d 'Point'

complete -c fieldlinkctl -n '__fish_seen_subcommand_from check' -l driver-dir -r -a '(__fish_complete_directories)' -d 'Where the drivers are'
complete -c fieldlinkctl -n '__fish_seen_subcommand_from check' -k -a '(__fish_complete_suffix .yaml)'

set -l in_outbox '__fish_seen_subcommand_from outbox'
set -l no_outbox_verb "$in_outbox; and not __fish_seen_subcommand_from $outbox_verbs"
complete -c fieldlinkctl -n $in_outbox -l outbox -r -F -d 'Work on this file, without the daemon'
complete -c fieldlinkctl -n $no_outbox_verb -a stats -d 'How much is owed, and how large it is'
complete -c fieldlinkctl -n $no_outbox_verb -a list -d 'The messages that are stored'
complete -c fieldlinkctl -n $no_outbox_verb -a show -d 'One message as it is published'
complete -c fieldlinkctl -n $no_outbox_verb -a export -d 'Messages as JSON Lines or CSV'
complete -c fieldlinkctl -n $no_outbox_verb -a replay -d 'Have delivered messages sent again'
complete -c fieldlinkctl -n $no_outbox_verb -a purge -d 'Remove stored messages'

set -l selecting "$in_outbox; and __fish_seen_subcommand_from list export replay purge"
complete -c fieldlinkctl -n $selecting -l since -x -a '1h 2h 12h 1d 1w' -d 'Messages from then on'
complete -c fieldlinkctl -n $selecting -l until -x -a '1h 2h 12h 1d 1w' -d 'Messages up to then'
complete -c fieldlinkctl -n $selecting -l seq -x -d 'Messages of these numbers: 400-412'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from list show export replay purge" -l epoch -x -d 'Messages of this epoch'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from stats list show replay purge" -l json -d 'JSON, for scripts'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from list" -l limit -x -d 'At most so many'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from export" -l format -x -a 'jsonl csv' -d 'JSON Lines or CSV'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from export" -l output -r -F -d 'Write to this file'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from replay" -l no-wait -d 'Do not wait until they were delivered'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from purge" -l delivered-only -d 'Leave what is owed'
complete -c fieldlinkctl -n "$in_outbox; and __fish_seen_subcommand_from purge" -l yes -d 'Do not ask'
