"""The page on which a training is ordered, and what it says of memory and time while the form is filled."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from flowbuilder.accounts.rights import edits, page_must
from flowbuilder.training import devices, services
from flowbuilder.training.facts import expected
from flowbuilder.training.forms import OrderForm, initial_of
from flowbuilder.training.memory import size
from flowbuilder.training.models import Job, Recipe
from flowbuilder.training.ordering import estimated, refusal
from flowbuilder.training.orders import ORDERS
from nodes.base import NodeError

must_edit = page_must(edits)

WISHES: list[tuple[Any, Any, tuple[str, ...]]] = [
    (
        gettext_lazy("Teach by examples"),
        gettext_lazy("It learns to answer as your examples do."),
        (Recipe.SFT,),
    ),
    (
        gettext_lazy("Learn from choices"),
        gettext_lazy("It learns straight from which answers people chose and which they rejected."),
        (Recipe.DPO, Recipe.KTO, Recipe.ORPO),
    ),
    (
        gettext_lazy("Learn the taste"),
        gettext_lazy("A reward model that scores answers as people would choose between them."),
        (Recipe.REWARD_MODEL,),
    ),
    (
        gettext_lazy("Practise with rewards"),
        gettext_lazy("It answers, rules or a reward model score it, and it shifts towards the better."),
        (Recipe.GRPO, Recipe.RLOO, Recipe.PPO),
    ),
    (
        gettext_lazy("Text classifier"),
        gettext_lazy("It learns which label fits a text."),
        (Recipe.CLASSIFIER,),
    ),
    (
        gettext_lazy("From scratch"),
        gettext_lazy("A small model of your own from a text corpus: tokenizer and weights."),
        (Recipe.PRETRAIN,),
    ),
]
"""What somebody wants, in plain words, and the recipes that do it."""


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET shows what can be wished for, and with ``?recipe=`` or ``?again=`` its form; POST orders it."""
    again = earlier(request)
    recipe = request.POST.get("recipe") or request.GET.get("recipe") or (again.recipe if again else "")
    if recipe and (recipe not in ORDERS or recipe == Recipe.EVALUATE):
        raise Http404
    if request.method == "POST":
        must_edit(request)
        form = OrderForm(request.asker, recipe or Recipe.SFT, request.POST, request.FILES, again=again)
        if form.is_valid() and (job := ordered(form)):
            messages.success(request, _("“%(job)s” is accepted.") % {"job": job})
            return redirect("training:job", job.pk)
        return render(request, "training/new.html", page_of(recipe, form), status=422)
    form = (
        OrderForm(request.asker, recipe, initial=initial_of(again) if again else None, again=again)
        if recipe
        else None
    )
    return render(request, "training/new.html", page_of(recipe, form))


def ordered(form: OrderForm) -> Job | None:
    """None where the form then says why not."""
    try:
        return services.start_job(**form.ordered(), priority=form.cleaned_data["priority"] or 0)
    except NodeError as error:
        form.add_error(None, str(error))
        return None


@login_required
@require_POST
def estimate(request: HttpRequest) -> HttpResponse:
    """What the form as it is would need, and whether that is there. It starts nothing."""
    recipe = request.POST.get("recipe", "")
    if recipe not in ORDERS:
        raise Http404
    form = OrderForm(request.asker, recipe, request.POST, request.FILES, again=earlier(request))
    page: dict[str, Any] = {"form": form}
    if form.is_valid() and form.prepared is not None:
        told = estimated(form.prepared)
        page |= {
            "why": refusal(form.prepared),
            "needed": size(told["needed"]) if "needed" in told else "",
            "room": size(devices.room()),
            "share": min(100, round(100 * told.get("needed", 0) / devices.room())),
            "time": expected(told),
            "measured_on": told.get("measured_on", 0),
            "parts": parts(told),
        }
    return render(request, "training/estimate.html", page)


def parts(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Bytes by what they are for, the most first."""
    names = (
        "weights",
        "gradients",
        "optimizer",
        "reference",
        "critic",
        "reward_model",
        "activations",
        "process",
    )
    found = [(name.replace("_", " "), told.get(name, 0)) for name in names]
    return [(name, size(value)) for name, value in sorted(found, key=lambda each: -each[1]) if value]


def page_of(recipe: str, form: OrderForm | None) -> dict[str, Any]:
    wishes = [
        {
            "title": title,
            "about": about,
            "recipes": [(each, Recipe(each).label) for each in recipes if each in ORDERS],
            "chosen": recipe in recipes,
        }
        for title, about, recipes in WISHES
    ]
    return {"form": form, "recipe": recipe, "wishes": [wish for wish in wishes if wish["recipes"]]}


def earlier(request: HttpRequest) -> Job | None:
    """The job that is to be trained again with changes. 404 where it is not the asker's."""
    named = request.POST.get("again") or request.GET.get("again")
    if not named:
        return None
    try:
        found = Job.objects.visible_to(request.asker).filter(pk=uuid.UUID(named))
    except ValueError as error:
        raise Http404 from error
    job = found.select_related("base__model", "dataset_version__dataset").first()
    if job is None:
        raise Http404
    return job
