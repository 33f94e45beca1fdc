"""ansible-eval FILE: as template-eval, by Ansible's own engine: every variable of a YAML file, rendered, as JSON lines."""
import json
import sys
import warnings

warnings.simplefilter("ignore")

from ansible.parsing.dataloader import DataLoader  # noqa: E402
from ansible.template import Templar  # noqa: E402

loader = DataLoader()
variables = loader.load_from_file(sys.argv[1])
for name in variables:
    templar = Templar(loader=loader, variables=dict(variables))
    try:
        value = templar.template(variables[name])
        print(json.dumps({"name": str(name), "value": json.loads(json.dumps(value, default=repr))}, sort_keys=True))
    except Exception as e:  # any refusal counts
        print(json.dumps({"name": str(name), "error": str(e)[:300]}))
