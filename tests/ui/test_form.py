"""Fields of a configuration become widgets that give valid values back."""

from streamlit.testing.v1 import AppTest

from landmark.analyses.import_data.config import ImportConfiguration
from landmark.models.settings import AutoencoderConfiguration, DgexConfiguration


def _form() -> None:
    import streamlit as st

    from landmark.analyses.import_data.config import ImportConfiguration
    from landmark.models.settings import AutoencoderConfiguration, DgexConfiguration
    from landmark.ui.form import fields

    for kind in (AutoencoderConfiguration, DgexConfiguration, ImportConfiguration):
        names = list(kind.model_fields)
        st.session_state[f"got {kind.__name__}"] = fields(kind, names, kind.__name__)


def test_untouched_form_gives_the_defaults_of_every_configuration() -> None:
    app = AppTest.from_function(_form).run()
    assert not app.exception
    for kind in (AutoencoderConfiguration, DgexConfiguration):
        assert kind.parse(app.session_state[f"got {kind.__name__}"]) == kind()
    assert (
        ImportConfiguration.parse(app.session_state["got ImportConfiguration"] | {"example": "x"}).seed == 0
    )


def test_labels_mark_what_the_paper_states_and_bounds_come_from_the_model() -> None:
    app = AppTest.from_function(_form).run()
    hidden = app.number_input(key="AutoencoderConfiguration-hidden")
    assert "paper’s value" in hidden.label
    assert (hidden.min, hidden.max) == (1, 20_000)
    assert "open in the paper" in app.number_input(key="AutoencoderConfiguration-seed").label
    assert "paper" not in app.number_input(key="AutoencoderConfiguration-checkpoint_every").label


def test_small_numbers_can_be_changed_in_small_steps() -> None:
    app = AppTest.from_function(_form).run()
    assert app.number_input(key="AutoencoderConfiguration-l2").step == 1e-6
    app.number_input(key="AutoencoderConfiguration-l2").set_value(3e-6).run()
    assert app.session_state["got AutoencoderConfiguration"]["l2"] == 3e-6
