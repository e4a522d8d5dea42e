import rules

from assembly.rules import is_bailiff, is_guarantor, is_operator, is_secretariat

reads = is_secretariat | is_operator | is_guarantor | is_bailiff
draws = is_secretariat | is_operator

rules.add_perm("sortition.view_recruitment", reads)
for name in ["add_register", "export_register", "send_register"]:
    rules.add_perm(f"sortition.{name}", is_secretariat)
for name in ["add", "edit", "prove", "print", "finish", "rewrite", "clear"]:
    rules.add_perm(f"sortition.{name}_letterbatch", is_secretariat)
rules.add_perm("sortition.export_letterpart", is_secretariat)
for name in [
    "draw_letters_register",
    "turn_away_register",
]:  # what the reading of a roll does, in the name of who asked
    rules.add_perm(f"sortition.{name}", is_secretariat)
for name in [
    "volunteer",
    "decline",
    "come_back",
    "oppose",
]:  # by the letter itself, or on paper through the secretariat
    rules.add_perm(f"sortition.{name}_invitation", is_secretariat)
rules.add_perm("sortition.view_decisions", is_secretariat)
for name in ["keep", "take"]:
    rules.add_perm(f"sortition.{name}_secondanswer", is_secretariat)
for name in ["merge", "tell_apart", "share_home"]:
    rules.add_perm(f"sortition.{name}_likeness", is_secretariat)
for name in ["correct", "set_aside_as_double"]:
    rules.add_perm(f"sortition.{name}_volunteer", is_secretariat)
for name in ["add", "set_aside", "readmit", "withdraw", "call", "confirm"]:
    rules.add_perm(f"sortition.{name}_volunteer", is_secretariat)
for name in [
    "add",
    "adjust",
    "set_quotas",
    "relax",
    "announce",
    "freeze",
    "enter_seed",
    "confirm_seed",
    "relaunch",
    "compose",
    "enter_number",
    "derive_number",
    "publish",
    "suspend",
    "resume",
    "cancel",
]:
    rules.add_perm(f"sortition.{name}_draw", draws)
rules.add_perm("sortition.confirm_number_draw", draws | is_bailiff | is_guarantor)
rules.add_perm("sortition.certify_draw", is_bailiff)
rules.add_perm("sortition.view_profiles", is_secretariat | is_guarantor | is_bailiff)
rules.add_perm("sortition.view_seatoffer", is_secretariat)
for name in [
    "confirm",
    "decline",
    "vacate",
    "replace",
    "fill",
    "log_call",
    "wait",
    "receive",
    "invite_again",
]:
    rules.add_perm(f"sortition.{name}_seatoffer", is_secretariat)
for name in ["accept", "turn_down"]:
    rules.add_perm(f"sortition.{name}_authorisation", is_secretariat)
rules.add_perm("sortition.view_silent", is_secretariat)
