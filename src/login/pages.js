// Shows and hides passwords. Every page works without it.
for (const button of document.querySelectorAll('button[data-action="toggle"]')) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.getAttribute("aria-controls"));
    const hide = input.type === "text";
    input.type = hide ? "password" : "text";
    input.classList.toggle("shown", !hide);
    button.setAttribute("aria-pressed", String(!hide));
    button.textContent = hide ? button.dataset.show : button.dataset.hide;
  });
}
