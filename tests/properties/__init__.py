import pytest

# What a machine complains of is told in full, as a test's own assertions are.
pytest.register_assert_rewrite("tests.properties.whole", "tests.properties.company")
